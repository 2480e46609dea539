package dev.kcm.testkit.contract;

import java.util.EnumSet;
import java.util.Set;

/**
 * A server under the contract.
 *
 * <p>Called by the thread of the tests. The tests create namespaces, roles and definitions of
 * custom resources, and do not clean up: give them a server of their own.
 */
public interface ContractServer extends AutoCloseable {

  /** What not every server has, or has switched on. */
  enum Capability {
    /** {@link ContractServer#compact} forgets the history at once, without a cache in between. */
    COMPACTION("its history cannot be forgotten on request"),
    /** The admission plug-in ServiceAccount is on. */
    SERVICE_ACCOUNT_ADMISSION("its admission plug-in ServiceAccount is switched off"),
    /** The admission plug-in StorageObjectInUseProtection is on. */
    STORAGE_IN_USE_PROTECTION("its admission plug-in StorageObjectInUseProtection is off"),
    /** A URL that cannot be decoded gets a Status, and not just a line of text. */
    STATUS_FOR_BAD_URLS("its HTTP library answers broken URLs by itself, without a Status"),
    /** Bootstrap tokens authenticate. */
    BOOTSTRAP_TOKENS("it does not take bootstrap tokens");

    private final String missing;

    Capability(String missing) {
      this.missing = missing;
    }

    /** Why a test is left out where the capability is missing: "it ..." or "its ...". */
    public String missing() {
      return missing;
    }
  }

  /**
   * Base URL, CA and credentials of an administrator of the group {@code system:masters}, as the
   * text of a kubeconfig.
   */
  String adminKubeconfig();

  /** What the server can do beyond the contract's core. Default: everything. */
  default Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  /**
   * Forgets the history up to now. Only called with {@link Capability#COMPACTION}.
   *
   * @throws UnsupportedOperationException by default
   */
  default void compact() {
    throw new UnsupportedOperationException("this server cannot forget its history on request");
  }

  /** Stops the server; called once, after the last test. */
  @Override
  void close();
}
