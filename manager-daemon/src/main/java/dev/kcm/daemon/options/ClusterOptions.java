package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.GoText;
import java.time.Duration;
import java.util.List;

/**
 * Facts about the cluster, and flags of the cloud providers that left.
 *
 * <p><i>Immutable.</i>
 */
final class ClusterOptions implements OptionGroup<ClusterConfig> {

  static final Flag<Boolean> ALLOCATE =
      Flag.bool(
          "allocate-node-cidrs",
          false,
          "Give each node a range of pod addresses from --cluster-cidr.");

  static final Flag<String> CLUSTER_CIDR =
      Flag.string(
          "cluster-cidr",
          "",
          "Range of pod addresses, or an IPv4 and an IPv6 range with a comma. Needed with"
              + " --allocate-node-cidrs.");

  private static final Flag<String> ALLOCATOR =
      Flag.string("cidr-allocator-type", "RangeAllocator", "Allocator of node ranges.");

  private static final Flag<String> CLOUD_CONFIG =
      Flag.string("cloud-config", "", "Without effect, kept for old command lines.");

  private static final Flag<String> CLOUD_PROVIDER =
      Flag.string("cloud-provider", "", "Empty or external.");

  private static final Flag<String> CLUSTER_NAME =
      Flag.string("cluster-name", "kubernetes", "Name of the cluster, without effect.");

  private static final Flag<Boolean> CLOUD_ROUTES =
      Flag.bool("configure-cloud-routes", true, "Without effect, kept for old command lines.");

  private static final Flag<String> VOLUME_PLUGIN =
      Flag.string(
          "external-cloud-volume-plugin", "", "Without effect, kept for old command lines.");

  private static final Flag<Duration> NODE_MONITOR =
      Flag.duration("node-monitor-period", "5s", "Pause between two looks at the health of nodes.");

  private static final Flag<Duration> ROUTES =
      Flag.duration(
          "route-reconciliation-period", "10s", "Without effect, kept for old command lines.");

  private static final Flag<Boolean> ACCOUNTS =
      Flag.bool(
          "use-service-account-credentials",
          false,
          "Let each controller use a service account of its own in kube-system.");

  private static final Flag<Boolean> UNTAGGED =
      Flag.bool("allow-untagged-cloud", false, "Without effect.")
          .deprecated("it has no effect and can be left out.");

  private static final Flag<Duration> NODE_SYNC =
      Flag.duration("node-sync-period", "0s", "Without effect.")
          .deprecated("it has no effect and can be left out.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of(
            "generic",
            ALLOCATE,
            CLUSTER_CIDR,
            ALLOCATOR,
            CLOUD_CONFIG,
            CLOUD_PROVIDER,
            CLUSTER_NAME,
            CLOUD_ROUTES,
            VOLUME_PLUGIN,
            NODE_MONITOR,
            ROUTES,
            ACCOUNTS,
            UNTAGGED,
            NODE_SYNC));
  }

  @Override
  public void check(Checks checks) {
    String provider = checks.get(CLOUD_PROVIDER);
    checks.problemIf(
        !provider.isEmpty() && !provider.equals("external"),
        "--cloud-provider must be empty or external, but got "
            + GoText.quote(provider)
            + ": providers are no longer part of this program");
    String allocator = checks.get(ALLOCATOR);
    checks.problemIf(
        !allocator.isEmpty() && !allocator.equals("RangeAllocator"),
        "--cidr-allocator-type must be RangeAllocator, but got " + GoText.quote(allocator));
  }

  @Override
  public ClusterConfig read(FlagValues values) {
    return new ClusterConfig(
        values.get(ALLOCATE),
        values.get(ALLOCATOR),
        values.get(CLUSTER_CIDR),
        values.get(CLUSTER_NAME),
        values.get(ACCOUNTS),
        values.get(NODE_MONITOR),
        values.get(CLOUD_PROVIDER),
        values.get(CLOUD_CONFIG),
        values.get(VOLUME_PLUGIN),
        values.get(CLOUD_ROUTES),
        values.get(ROUTES),
        values.get(UNTAGGED),
        values.get(NODE_SYNC));
  }
}
