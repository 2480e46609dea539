package dev.kcm.daemon.options;

/**
 * Settings of the controller that gives nodes their pod address ranges.
 *
 * @param serviceClusterIpRange ranges of service addresses with a comma, or empty
 * @param maskSize prefix length of node ranges; 0 means the default of the family
 * @param maskSizeIpv4 prefix length of IPv4 node ranges; 0 means the default
 * @param maskSizeIpv6 prefix length of IPv6 node ranges; 0 means the default
 */
public record NodeIpamConfig(
    String serviceClusterIpRange, int maskSize, int maskSizeIpv4, int maskSizeIpv6) {}
