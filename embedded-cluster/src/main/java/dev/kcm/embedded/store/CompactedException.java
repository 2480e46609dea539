package dev.kcm.embedded.store;

/** The history no longer reaches back to the asked revision. */
public final class CompactedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final long asked;
  private final long compacted;

  CompactedException(long asked, long compacted) {
    super("revision " + asked + " was compacted, history starts after " + compacted);
    this.asked = asked;
    this.compacted = compacted;
  }

  /** The revision that was asked for. */
  public long asked() {
    return asked;
  }

  /** The oldest revision that can still be read; events start after it. */
  public long compacted() {
    return compacted;
  }
}
