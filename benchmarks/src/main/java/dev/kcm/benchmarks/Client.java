package dev.kcm.benchmarks;

/** Who keeps a cache. */
public enum Client {
  /** Ours, by list and watch. */
  KCM,
  /** Ours, by one watch that begins with the whole state, which is the default. */
  KCM_STREAM,
  /** fabric8's SharedIndexInformer. */
  FABRIC8
}
