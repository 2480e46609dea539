package dev.kcm.controllers.node.nodeipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrSetTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @ParameterizedTest
  @CsvSource({
    "127.123.3.0/16, 24, 0, 127.123.0.0/24",
    "127.123.0.0/16, 24, 15, 127.123.15.0/24",
    "192.168.5.219/28, 32, 5, 192.168.5.213/32",
    "2001:db8:85a3::/50, 63, 6425, 2001:db8:85a3:3232::/63",
    "2001:db8::/32, 48, 15, 2001:db8:f::/48",
    "2001:db8:1234:ff00::/56, 72, 6425, 2001:db8:1234:ff19:1900::/72",
    "2001:db8:1234:5678:9a00::/80, 96, 6425, 2001:db8:1234:5678:9a00:1919::/96",
  })
  @DisplayName("Block table: index to block, host bits of the cluster CIDR masked first")
  void aBlockFollowsFromItsIndex(String cluster, int mask, int index, String block) {
    assertThat(set(cluster, mask).block(index).text()).isEqualTo(block);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, 16, 127.123.0.0/16, 123",
    "127.0.0.0/8, 16, 127.0.0.0/16, 0",
    "127.128.0.0/9, 16, 127.255.0.0/16, 127",
    "beef:1200::/32, 48, beef:1200:7::/48, 7",
  })
  @DisplayName("Bit of a CIDR")
  void anIndexFollowsFromABlock(String cluster, int mask, String cidr, int index) {
    assertThat(set(cluster, mask).index(cidr(cidr))).isEqualTo(index);
  }

  @Test
  @DisplayName("10.42.0.0/16: occupied counts 1, 2, 5, 5; released 4, 4, 3; then exactly 253 more")
  void takingAndGivingBackIsIdempotent() {
    CidrSet set = set("10.42.0.0/16", 24);
    assertThat(counts(set, true, "10.42.5.0/24", "10.42.9.0/24", "10.42.8.0/22", "10.42.9.0/24"))
        .containsExactly(1, 2, 5, 5);
    assertThat(counts(set, false, "10.42.9.0/24", "10.42.9.0/24", "10.42.4.0/22"))
        .containsExactly(4, 4, 3);
    for (int i = 0; i < 253; i++) {
      assertThat(set.allocateNext()).isPresent();
    }
    assertThat(set.allocateNext()).isEmpty();
    assertThat(counter("node_ipam_controller_cidrset_cidrs_allocations_total")).isEqualTo(258);
    assertThat(counter("node_ipam_controller_cidrset_cidrs_releases_total")).isEqualTo(2);
    assertThat(gauge("node_ipam_controller_cirdset_max_cidrs")).isEqualTo(256);
    assertThat(gauge("node_ipam_controller_cidrset_usage_cidrs")).isEqualTo(1);
  }

  @Test
  @DisplayName("Order: sequential 0, 1, 2 ..., then wrap; released ones only after all others")
  void blocksAreGivenOutInOrder() {
    CidrSet set = set("10.0.0.0/22", 24);
    assertThat(next(set)).isEqualTo("10.0.0.0/24");
    assertThat(next(set)).isEqualTo("10.0.1.0/24");
    set.release(cidr("10.0.0.0/24"));
    assertThat(next(set)).isEqualTo("10.0.2.0/24");
    assertThat(next(set)).isEqualTo("10.0.3.0/24");
    assertThat(next(set)).isEqualTo("10.0.0.0/24");
    assertThat(set.allocateNext()).isEmpty();
  }

  @Test
  @DisplayName("10.10.0.0/22 mask 24 with .0 and .2 used: 10.10.1.0/24")
  void usedBlocksAreSkipped() {
    CidrSet set = set("10.10.0.0/22", 24);
    counts(set, true, "10.10.0.0/24", "10.10.2.0/24");
    assertThat(next(set)).isEqualTo("10.10.1.0/24");
    assertThat(next(set)).isEqualTo("10.10.3.0/24");
  }

  @Test
  @DisplayName("/28 cluster mask 30 all taken: failure; release then allocate recycles")
  void aFullSetGivesNothing() {
    CidrSet set = set("127.123.234.0/28", 30);
    counts(set, true, "127.123.234.0/28");
    assertThat(set.allocateNext()).isEmpty();
    set.release(cidr("127.123.234.8/30"));
    assertThat(next(set)).isEqualTo("127.123.234.8/30");
  }

  @Test
  @DisplayName("A CIDR wider than the cluster covers all, a narrower one its block")
  void overlapsCount() {
    CidrSet set = set("10.1.0.0/16", 24);
    set.occupy(cidr("10.1.7.128/25"));
    assertThat(set.allocated()).isEqualTo(1);
    set.occupy(cidr("10.0.0.0/8"));
    assertThat(set.allocated()).isEqualTo(256);
  }

  @ParameterizedTest
  @CsvSource({"10.2.0.0/24", "fd00::/64", "11.0.0.0/8"})
  void whatDoesNotOverlapIsRefused(String outside) {
    CidrSet set = set("10.1.0.0/16", 24);
    assertThatThrownBy(() -> set.occupy(cidr(outside)))
        .hasMessage("cidr " + outside + " is out the range of cluster cidr 10.1.0.0/16");
    assertThatThrownBy(() -> set.release(cidr(outside)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "beef:1234::/32, 49, New CIDR set failed; the node CIDR size is too big: /49 in beef:1234::/32",
    "10.0.0.0/24, 16, 'node ranges of /16 do not fit into 10.0.0.0/24: allowed are /24 to /32'",
    "10.0.0.0/24, 33, 'node ranges of /33 do not fit into 10.0.0.0/24: allowed are /24 to /32'",
  })
  @DisplayName("beef:1234::/32 mask 49: construction error (17 bits); masks must fit")
  void sizesAreChecked(String cluster, int mask, String message) {
    assertThatThrownBy(() -> new ClusterRange(cluster, mask)).hasMessage(message);
  }

  @Test
  @DisplayName("No such limit for IPv4; leading zeros of octets are tolerated")
  void aLargeIpv4RangeIsTaken() {
    ClusterRange range = new ClusterRange("010.000.0.0/8", 26);
    assertThat(set(range.cidr(), 26).allocateNext())
        .hasValueSatisfying(block -> assertThat(block.text()).isEqualTo("10.0.0.0/26"));
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0", "10.0.0/8", "10.0.0.0/33", "fd00::/129", "'', ''", "a/8", "10.0.0.0/x"})
  void textThatIsNoRangeIsRefused(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
    assertThatThrownBy(() -> new ClusterRange(text, 24))
        .hasMessage("\"" + text + "\" is not an address range as 10.244.0.0/16");
  }

  private static int[] counts(CidrSet set, boolean take, String... cidrs) {
    int[] counts = new int[cidrs.length];
    for (int i = 0; i < cidrs.length; i++) {
      if (take) {
        set.occupy(cidr(cidrs[i]));
      } else {
        set.release(cidr(cidrs[i]));
      }
      counts[i] = set.allocated();
    }
    return counts;
  }

  private static String next(CidrSet set) {
    return set.allocateNext().orElseThrow().text();
  }

  private CidrSet set(String cluster, int mask) {
    return new CidrSet(cidr(cluster), mask, CidrMeters.in(registry, cluster));
  }

  private static Cidr cidr(String text) {
    return Cidr.parse(text).orElseThrow();
  }

  private double counter(String name) {
    return registry.get(name).counter().count();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
