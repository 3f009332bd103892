/** Where a text falls between 0 and 1, evenly, and always the same: murmur3 over its characters. */
export function shareOf(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) {
    let mixed = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash ^= mixed;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
