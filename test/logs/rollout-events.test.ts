import { alarmName, takenBackBy, type RolloutEvent } from '../../lib/logs/rollout-events';

const event = (kind: string, by: string, text = ''): RolloutEvent => ({ kind, by, text, at: undefined });
const ARN = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:dev-Logs-Eats-0A1B';

test.each<[string, RolloutEvent[], ReturnType<typeof takenBackBy>]>([
  ['nothing', [], undefined],
  ['it only went out', [event('DEPLOYMENT_COMPLETED', 'APPCONFIG')], undefined],
  [
    'an alarm began it, and AppConfig ended it',
    [event('ROLLBACK_COMPLETED', 'APPCONFIG'), event('ROLLBACK_STARTED', 'CLOUDWATCH_ALARM', `Rolled back by ${ARN}`)],
    { by: 'alarm', alarm: 'dev-Logs-Eats-0A1B' },
  ],
  ['an alarm that is not named', [event('ROLLBACK_STARTED', 'CLOUDWATCH_ALARM')], { by: 'alarm', alarm: undefined }],
  ['a person', [event('ROLLBACK_STARTED', 'USER', '111122223333')], { by: 'person', alarm: undefined }],
  ['a person, after it had ended', [event('REVERT_COMPLETED', 'USER')], { by: 'person', alarm: undefined }],
  ['something inside', [event('ROLLBACK_STARTED', 'INTERNAL_ERROR')], { by: 'AppConfig', alarm: undefined }],
])('taken back: %s', (_, events, whom) => expect(takenBackBy(events)).toEqual(whom));

test.each([
  [ARN, 'dev-Logs-Eats-0A1B'],
  [`The alarm "${ARN}".`, 'dev-Logs-Eats-0A1B'],
  [`${ARN}, and others`, 'dev-Logs-Eats-0A1B'],
  ['by somebody', undefined],
])('the alarm of %j', (text, name) => expect(alarmName(text)).toBe(name));
