package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * Pod address ranges of nodes.
 *
 * <p><i>Immutable.</i>
 */
final class NodeIpamOptions implements OptionGroup<NodeIpamConfig> {

  private static final Flag<String> SERVICES =
      Flag.string(
          "service-cluster-ip-range",
          "",
          "Range of service addresses, or two with a comma, that node ranges stay clear of.");

  private static final Flag<Integer> MASK =
      Flag.int32(
          "node-cidr-mask-size",
          0,
          "Prefix length of a node range in a cluster with one family. 0 means 24 for IPv4 and 64 for IPv6.");

  private static final Flag<Integer> MASK_V4 =
      Flag.int32("node-cidr-mask-size-ipv4", 0, "Prefix length of IPv4 node ranges. 0 means 24.");

  private static final Flag<Integer> MASK_V6 =
      Flag.int32("node-cidr-mask-size-ipv6", 0, "Prefix length of IPv6 node ranges. 0 means 64.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("node-ipam-controller", SERVICES, MASK, MASK_V4, MASK_V6));
  }

  @Override
  public void check(Checks checks) {
    String services = checks.get(SERVICES);
    checks.problemIf(
        services.split(",", -1).length > 2,
        "--service-cluster-ip-range can not contain more than two entries");
    if (checks.get(ClusterOptions.ALLOCATE) && checks.runs("node-ipam-controller")) {
      NodeRanges.check(checks, checks.get(ClusterOptions.CLUSTER_CIDR), services, masks(checks));
    }
  }

  private static NodeRanges.Masks masks(Checks checks) {
    return new NodeRanges.Masks(checks.get(MASK), checks.get(MASK_V4), checks.get(MASK_V6));
  }

  @Override
  public NodeIpamConfig read(FlagValues values) {
    return new NodeIpamConfig(
        values.get(SERVICES), values.get(MASK), values.get(MASK_V4), values.get(MASK_V6));
  }
}
