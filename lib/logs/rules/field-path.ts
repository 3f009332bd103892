/** The names on the way to a field; undefined if the text is no path. */
export function fieldPath(path: string): readonly string[] | undefined {
  if (path.startsWith('/')) {
    if (/~(?![01])/.test(path)) return undefined;
    return path
      .slice(1)
      .split('/')
      .map((name) => name.replace(/~1/g, '/').replace(/~0/g, '~'));
  }
  const names = path.split('.');
  return names.includes('') ? undefined : names;
}
