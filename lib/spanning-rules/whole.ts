import type { PlatformConfig } from '../platform-config';

/** Whether the form of these sections of a config is right, so that a rule may read them. */
export type Whole = (...sections: readonly (keyof PlatformConfig)[]) => boolean;
