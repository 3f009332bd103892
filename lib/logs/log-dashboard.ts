import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { GB } from './cost';
import { streamName } from './deployed';
import { LogMetrics, type FilterMetric } from './log-metrics';
import { pricesOf } from './prices';

/** Properties of {@link LogDashboard}. */
export interface LogDashboardProps {
  /** The platform's name. */
  readonly platform: string;
  /** The alarms to show. */
  readonly alarms: readonly cloudwatch.IAlarm[];
  /** The filter function. */
  readonly filter: lambda.IFunction;
  /** Whether the unfiltered stream is archived too. */
  readonly archived: boolean;
}

/** Widgets of a row are this wide together. */
const ROW = 24;

/** What goes through the pipeline, what each rule does, what that saves, and what is wrong. */
export class LogDashboard extends Construct {
  private readonly metrics: LogMetrics;
  private readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, { platform, alarms, filter, archived }: LogDashboardProps) {
    super(scope, id);
    const metrics = (this.metrics = new LogMetrics(platform));
    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: streamName(platform),
      defaultInterval: cdk.Duration.days(1),
    });
    this.dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: ROW, height: 3 }),
    );

    this.section('What comes in');
    const { bytes, records, requests } = metrics.quotaPercents(5);
    this.row(
      graph('Bytes and records the agents sent', [metrics.delivery('IncomingBytes', 'Sum')], {
        right: [metrics.delivery('IncomingRecords', 'Sum')],
      }),
      graph('Of what the stream takes in a second, and records it refused', [bytes, records, requests], {
        right: [metrics.delivery('ThrottledRecords', 'Sum')],
      }),
    );

    this.section('The filter function');
    const every = { period: cdk.Duration.minutes(5) };
    this.row(
      graph(
        'How long it takes, in milliseconds',
        ['Average', 'p99'].map((statistic) => labelled(statistic, filter.metricDuration({ ...every, statistic }))),
      ),
      graph('Calls that fail or are refused', [filter.metricErrors(every), filter.metricThrottles(every)], {
        right: [metrics.failedCallsPercent(5)],
      }),
    );

    this.section('What the rules do');
    this.row(
      graph(
        'Bytes: in, kept, dropped, kept by a guard, copied to CloudWatch Logs',
        this.counted('InBytes', 'KeptBytes', 'DroppedBytes', 'GuardedBytes', 'HotBytes'),
        { right: [metrics.droppedPercent(5)], width: ROW },
      ),
    );
    this.row(
      graph('Bytes by rule', [metrics.ofEachRule('Bytes')]),
      graph('Records by rule', [metrics.ofEachRule('Records')]),
    );
    this.row(
      graph('What rules on trial would match', [metrics.ofEachRule('WouldRecords')]),
      graph('What rules would drop, were it not for a guard', [metrics.ofEachRule('GuardedRecords')]),
    );
    this.row(
      new cloudwatch.SingleValueWidget({
        // SEARCH finds no rule that had no data for longer than that
        title:
          'Records each rule took in 14 days. One that is not here took none; after 30 the alarm IdleRules says so',
        metrics: [metrics.ofEachRule('Records')],
        setPeriodToTimeRange: true,
        width: ROW,
        height: 6,
        start: '-P14D',
      }),
    );

    this.section(
      'What is not paid to CloudWatch Logs',
      'Compared with sending every line there. Lines go to the bucket alone unless a rule says otherwise, so without rules it is no less; what a rule drops also saves its place in the bucket. The stream takes its price for every record, dropped or not.',
    );
    this.row(...this.savings());

    this.section('What is delivered');
    const freshness = 'DeliveryToS3.DataFreshness';
    this.row(
      graph('Age of the oldest line that is not there yet, in seconds', [
        labelled('kept', metrics.delivery(freshness, 'Maximum')),
        labelled('unparsed', metrics.unparsedDelivery(freshness, 'Maximum')),
        ...(archived ? [labelled('archive', metrics.delivery('BackupToS3.DataFreshness', 'Maximum'))] : []),
      ]),
      graph('Trouble', this.counted('Failed', 'RuleErrors', 'Unparsed', 'Reingested', 'HotFailed'), {
        right: (['RulesStale', 'RulesMissing'] as const).map((name) => metrics.filter(name, 'Maximum', 5)),
      }),
    );
  }

  private section(title: string, text = ''): void {
    const markdown = [`## ${title}`, ...(text === '' ? [] : [text])].join('\n');
    this.row(new cloudwatch.TextWidget({ markdown, width: ROW, height: text === '' ? 1 : 2 }));
  }

  private row(...widgets: cloudwatch.IWidget[]): void {
    this.dashboard.addWidgets(...widgets);
  }

  private counted(...names: FilterMetric[]): cloudwatch.Metric[] {
    return names.map((name) => this.metrics.filter(name, 'Sum', 5));
  }

  private savings(): cloudwatch.IWidget[] {
    const { region } = cdk.Stack.of(this);
    const usd = pricesOf(region)?.logsIngested.usd;
    if (usd === undefined) {
      const markdown = `What is saved is not reckoned: no price of ${region} is in lib/logs/prices.json.`;
      return [new cloudwatch.TextWidget({ markdown, width: ROW, height: 2 })];
    }
    const price = `${usd} / ${GB}`;
    const value = (title: string, metrics: cloudwatch.IMetric[], width: number): cloudwatch.IWidget =>
      new cloudwatch.SingleValueWidget({ title, metrics, setPeriodToTimeRange: true, width, height: 6 });
    return [
      value(`US$, at ${usd} a GB of ingestion`, this.metrics.saved(price), 8),
      value('US$ by the rule that decided, dropped or kept', [this.metrics.savedByEachRule(price)], 16),
    ];
  }
}

function graph(
  title: string,
  left: cloudwatch.IMetric[],
  more?: Pick<cloudwatch.GraphWidgetProps, 'right' | 'width'>,
): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width: ROW / 2, height: 6, ...more });
}

function labelled(label: string, metric: cloudwatch.Metric): cloudwatch.Metric {
  return metric.with({ label });
}
