/** A word that a shell reads back as it is; what needs no quotes has none. */
export function shellWord(text: string): string {
  // `@`, `=` and `,` mean something to PowerShell or zsh, so they are quoted too
  return /^[A-Za-z0-9_./:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command on one line, to be pasted into a shell. */
export function commandLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
