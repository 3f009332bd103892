/** Whether a namespace is one of those an access policy is limited to; `*` stands for any letters. No namespace is not. */
export function inNamespaces(patterns: readonly string[], namespace: string): boolean {
  return namespace !== '' && patterns.some((pattern) => fits(pattern, namespace));
}

// by hand: the regular expression of a pattern with many stars takes for ever on a long name
function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}

/** The same for many namespaces; without patterns every namespace fits. */
export function namespaceMatcher(patterns: readonly string[] | undefined): (namespace: string) => boolean {
  if (patterns === undefined) return () => true;
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const wild = patterns.filter((pattern) => pattern.includes('*'));
  return (namespace) => exact.has(namespace) || inNamespaces(wild, namespace);
}
