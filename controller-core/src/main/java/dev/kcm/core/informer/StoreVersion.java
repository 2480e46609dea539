package dev.kcm.core.informer;

/**
 * How far a store is.
 *
 * <p>Both fields are written on the informer's mailbox and read by anyone.
 */
final class StoreVersion {

  private volatile String version = "";

  /** The version the server went back from; what was written up to there may never come again. */
  private volatile String abandoned = "";

  /** The version; empty before the first list. */
  String get() {
    return version;
  }

  /** Whether everything up to a version is in the store, or there is no sense in waiting for it. */
  boolean hasReached(String wanted) {
    if (!ResourceVersions.isNumber(wanted)) {
      return true;
    }
    String now = version;
    if (now.isEmpty()) {
      return false;
    }
    String given = abandoned;
    return !ResourceVersions.isOlder(now, wanted)
        || (!given.isEmpty() && !ResourceVersions.isOlder(given, wanted));
  }

  /** The store has everything up to this version now. */
  void reached(String now) {
    version = now;
  }

  /** The store was replaced by an older one. */
  void rewound(String to) {
    abandoned = version;
    version = to;
  }
}
