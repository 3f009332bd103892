import { end } from './ending';
import { hajime } from './program';

hajime().parseAsync().catch(end);
