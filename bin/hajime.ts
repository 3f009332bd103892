import { end, endWithReader } from './ending';
import { hajime } from './program';

endWithReader();
hajime()
  .parseAsync()
  .catch((error: unknown) => end(error));
