import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { streamName } from './deployed';
import { LogMetrics } from './log-metrics';
import { GB } from './cost';
import { pricesOf } from './prices';

/** Properties of {@link LogDashboard}. */
export interface LogDashboardProps {
  /** The platform's name. */
  readonly platform: string;
  /** The alarms to show. */
  readonly alarms: readonly cloudwatch.IAlarm[];
}

/** What goes through the pipeline, what each rule does, what that saves, and what is wrong. */
export class LogDashboard extends Construct {
  constructor(scope: Construct, id: string, { platform, alarms }: LogDashboardProps) {
    super(scope, id);
    const metrics = new LogMetrics(platform);
    const bytes = (...names: ('InBytes' | 'KeptBytes' | 'DroppedBytes' | 'HotBytes')[]): cloudwatch.Metric[] =>
      names.map((name) => metrics.filter(name, 'Sum', 5));
    const graph = (title: string, left: cloudwatch.IMetric[], more?: Partial<cloudwatch.GraphWidgetProps>): void => {
      dashboard.addWidgets(new cloudwatch.GraphWidget({ title, left, width: 24, height: 6, ...more }));
    };
    const dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: streamName(platform),
      defaultInterval: cdk.Duration.days(1),
    });
    dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 3 }),
    );
    dashboard.addWidgets(
      new cloudwatch.GraphWidget({
        title: 'Bytes: in, kept, dropped, copied to CloudWatch Logs',
        left: bytes('InBytes', 'KeptBytes', 'DroppedBytes', 'HotBytes'),
        right: [metrics.droppedPercent(5)],
        width: 16,
        height: 6,
      }),
      this.savings(metrics),
    );
    graph('Bytes by rule', [metrics.ofEachRule('Bytes', 5)]);
    graph('Records by rule', [metrics.ofEachRule('Records', 5)]);
    graph('What rules on trial would match', [metrics.ofEachRule('WouldRecords', 5)]);
    graph('What rules would drop, were it not for a guard', [metrics.ofEachRule('GuardedRecords', 5)]);
    dashboard.addWidgets(
      new cloudwatch.SingleValueWidget({
        title: 'Records by rule in 30 days: a rule that is not here matched nothing',
        metrics: [metrics.ofEachRule('Records', 30 * 24 * 60)],
        period: cdk.Duration.days(30),
        setPeriodToTimeRange: true,
        width: 24,
        height: 6,
        start: '-P30D',
      }),
    );
    graph(
      'Trouble',
      (['Failed', 'RuleErrors', 'Unparsed', 'Reingested', 'HotFailed'] as const).map((name) =>
        metrics.filter(name, 'Sum', 5),
      ),
      { right: (['RulesStale', 'RulesMissing'] as const).map((name) => metrics.filter(name, 'Maximum', 5)) },
    );
    graph('Freshness and quota', [metrics.delivery('DeliveryToS3.DataFreshness', 'Maximum')], {
      right: [metrics.quotaPercent(5)],
      leftYAxis: { label: 's' },
    });
  }

  /**
   * What it would have cost more to send every line to CloudWatch Logs. That ingestion alone: what the stream takes is
   * paid for whether a rule drops it or not.
   */
  private savings(metrics: LogMetrics): cloudwatch.IWidget {
    const { region } = cdk.Stack.of(this);
    const price = pricesOf(region)?.logsIngested.usd;
    if (price === undefined) {
      return new cloudwatch.TextWidget({
        markdown: `What is saved is not reckoned: no price of ${region} is in lib/logs/prices.json.`,
        width: 8,
        height: 6,
      });
    }
    return new cloudwatch.SingleValueWidget({
      title: `Not sent to CloudWatch Logs, US$ (ingestion at ${price} a GB)`,
      metrics: [
        new cloudwatch.MathExpression({
          label: 'US$',
          expression: `(incoming - FILL(hot, 0)) / ${GB} * ${price}`,
          usingMetrics: { incoming: metrics.filter('InBytes', 'Sum', 60), hot: metrics.filter('HotBytes', 'Sum', 60) },
          period: cdk.Duration.hours(1),
        }),
      ],
      setPeriodToTimeRange: true,
      width: 8,
      height: 6,
    });
  }
}
