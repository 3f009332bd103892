/** As many node groups as GROUPS says, each with a launch template, on Cfn classes only. */
import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';

const stack = new cdk.Stack(new cdk.App(), 'Nodes', { env: { account: '111122223333', region: 'ap-northeast-1' } });
for (let index = 0; index < Number(process.env.GROUPS); index++) {
  const template = new ec2.CfnLaunchTemplate(stack, `template-${index}`, {
    launchTemplateData: {
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: 50, volumeType: 'gp3', encrypted: true } }],
    },
  });
  new eks.CfnNodegroup(stack, `group-${index}`, {
    clusterName: 'dev',
    nodeRole: 'arn:aws:iam::111122223333:role/Nodes',
    subnets: ['subnet-1', 'subnet-2'],
    instanceTypes: ['m7g.large'],
    scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 },
    launchTemplate: { id: template.ref, version: template.attrLatestVersionNumber },
  });
}
