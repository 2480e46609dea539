package dev.kcm.core.lease;

/** One term of leadership, as its work sees it. Thread-safe; never blocks. */
public interface LeaderToken {

  /** Whether the work of the term must end. Once true it stays true. */
  boolean isCancelled();

  /** Whether this term still leads, as {@link Leadership#isLeader()}. */
  boolean isLeading();

  /** Names the term; changes if somebody deletes the Lease and this process makes it again. */
  FencingToken fencing();
}
