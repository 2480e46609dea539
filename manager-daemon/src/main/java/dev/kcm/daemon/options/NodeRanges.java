package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks of the address ranges nodes get theirs from.
 *
 * <p><i>Immutable.</i>
 */
final class NodeRanges {

  /** More IPv6 node ranges than 2^16 would make the allocator's map too large. */
  private static final int MOST_BITS_BETWEEN = 16;

  /** Prefix lengths from the flags; 0 means not given. */
  record Masks(int single, int ipv4, int ipv6) {}

  private NodeRanges() {}

  static void check(Checks checks, String cluster, String services, Masks masks) {
    List<Cidr> ranges = readCluster(checks, cluster);
    if (!ranges.isEmpty()) {
      checkMasks(checks, ranges, masks);
    }
    checkServices(checks, services);
  }

  /** Returns the ranges, or none if they were reported as wrong. */
  private static List<Cidr> readCluster(Checks checks, String cluster) {
    if (cluster.isBlank()) {
      checks.problem("--cluster-cidr is needed with --allocate-node-cidrs");
      return List.of();
    }
    List<Cidr> ranges = new ArrayList<>();
    boolean bad = false;
    for (String text : cluster.split(",", -1)) {
      Optional<Cidr> range = Cidr.parse(text.strip());
      range.ifPresent(ranges::add);
      bad |= range.isEmpty();
      checks.problemIf(
          range.isEmpty(),
          "--cluster-cidr: " + GoText.quote(text) + " is not an address range as 10.244.0.0/16");
    }
    if (!bad && (ranges.size() > 2 || isOneFamilyTwice(ranges))) {
      bad = true;
      checks.problem(
          "--cluster-cidr takes one range, or one of IPv4 and one of IPv6, but got "
              + GoText.quote(cluster));
    }
    return bad ? List.of() : ranges;
  }

  private static boolean isOneFamilyTwice(List<Cidr> ranges) {
    return ranges.size() == 2 && ranges.get(0).isIpv4() == ranges.get(1).isIpv4();
  }

  private static void checkMasks(Checks checks, List<Cidr> ranges, Masks masks) {
    if (ranges.size() == 2) {
      checks.problemIf(
          masks.single() != 0,
          "usage of --node-cidr-mask-size is not allowed with dual-stack clusters");
    } else {
      boolean ipv4 = ranges.get(0).isIpv4();
      checkSingle(checks, ipv4, ipv4 ? masks.ipv6() : masks.ipv4());
      checks.problemIf(
          masks.single() != 0 && (ipv4 ? masks.ipv4() : masks.ipv6()) != 0,
          "--node-cidr-mask-size and --node-cidr-mask-size-%s must not be given together"
              .formatted(ipv4 ? "ipv4" : "ipv6"));
    }
    for (Cidr range : ranges) {
      checkLength(checks, range, length(range, ranges.size() == 2, masks));
    }
  }

  private static void checkSingle(Checks checks, boolean ipv4, int otherMask) {
    checks.problemIf(
        otherMask != 0,
        "usage of --node-cidr-mask-size-%s is not allowed with a single-stack %s cluster"
            .formatted(ipv4 ? "ipv6" : "ipv4", ipv4 ? "IPv4" : "IPv6"));
  }

  private static int length(Cidr range, boolean dual, Masks masks) {
    int ofFamily = range.isIpv4() ? masks.ipv4() : masks.ipv6();
    int given = ofFamily != 0 || dual ? ofFamily : masks.single();
    return given != 0 ? given : range.isIpv4() ? 24 : 64;
  }

  private static void checkLength(Checks checks, Cidr range, int length) {
    checks.problemIf(
        length < range.prefix() || length > range.bits(),
        "node ranges of /%d do not fit into --cluster-cidr %s: allowed are /%d to /%d"
            .formatted(length, range.text(), range.prefix(), range.bits()));
    checks.problemIf(
        !range.isIpv4() && length - range.prefix() > MOST_BITS_BETWEEN && length <= range.bits(),
        "--cluster-cidr %s has more than 65536 node ranges of /%d: allowed are up to /%d"
            .formatted(range.text(), length, range.prefix() + MOST_BITS_BETWEEN));
  }

  private static void checkServices(Checks checks, String services) {
    List<Cidr> ranges = new ArrayList<>();
    for (String text : services.isBlank() ? new String[0] : services.split(",", -1)) {
      Optional<Cidr> range = Cidr.parse(text.strip());
      range.ifPresent(ranges::add);
      checks.warningIf(
          range.isEmpty(),
          "--service-cluster-ip-range: "
              + GoText.quote(text)
              + " is not an address range and is ignored");
    }
    checks.problemIf(
        isOneFamilyTwice(ranges),
        "--service-cluster-ip-range takes one range, or one of IPv4 and one of IPv6, but got "
            + GoText.quote(services));
  }
}
