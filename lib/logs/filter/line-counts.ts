/** What became of the lines of a record, in numbers. */
export class LineCounts {
  /** Lines that came, but for blank ones. */
  records = 0;
  /** Their bytes. */
  bytes = 0;
  /** Lines that no rule dropped. */
  keptRecords = 0;
  /** Their bytes as they are delivered. */
  keptBytes = 0;
  /** Bytes of lines that a rule dropped. */
  droppedBytes = 0;
  /** Lines that are kept because a guard held. */
  guardedRecords = 0;
  /** Their bytes as they came. */
  guardedBytes = 0;
  /** Of those that are kept, lines that are delivered in an envelope of ours. */
  unparsedRecords = 0;
  /** Their bytes as they came. */
  unparsedBytes = 0;
  /** Bytes of the line that came last. */
  private size = 0;

  /** Counts a line that came. */
  came(size: number): void {
    this.size = size;
    this.records++;
    this.bytes += size;
  }

  /** The line that came last is dropped. */
  dropped(): void {
    this.droppedBytes += this.size;
  }

  /** It is kept, in so many bytes. */
  kept(bytes: number, guarded = false): void {
    this.keptRecords++;
    this.keptBytes += bytes;
    if (!guarded) return;
    this.guardedRecords++;
    this.guardedBytes += this.size;
  }

  /** It is kept in an envelope of so many bytes. */
  unparsed(bytes: number): void {
    this.kept(bytes);
    this.unparsedRecords++;
    this.unparsedBytes += this.size;
  }
}
