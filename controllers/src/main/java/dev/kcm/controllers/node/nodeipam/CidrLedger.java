package dev.kcm.controllers.node.nodeipam;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which node has which ranges, or is to get which. What is set aside for a node stays its own until
 * the node is gone or turns out to have others: asking twice gives the same answer, and an
 * assignment that may have been made although its answer was lost is not made to somebody else.
 *
 * <p>Guarded by {@code lock}.
 */
final class CidrLedger {

  private static final Logger log = LoggerFactory.getLogger(CidrLedger.class);
  private static final String NONE_LEFT =
      "CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range";

  /** Nodes named in one line of the log. */
  private static final int MOST_NAMES = 8;

  private final Object lock = new Object();
  private final NodeIpamConfig config;
  private final List<CidrMeters> meters;

  @GuardedBy("lock") private final List<CidrSet> sets = new ArrayList<>();

  @GuardedBy("lock") private final Map<String, List<Cidr>> blocksByNode = new HashMap<>();

  @GuardedBy("lock") private final Map<Cidr, Set<String>> nodesByBlock = new HashMap<>();

  @GuardedBy("lock") private final Set<String> waiting = new LinkedHashSet<>();

  private CidrLedger(NodeIpamConfig config, List<CidrMeters> meters) {
    this.config = config;
    this.meters = meters;
  }

  /** A ledger in which only the ranges of services are taken. */
  static CidrLedger of(NodeIpamConfig config, MeterRegistry registry) {
    CidrLedger ledger =
        new CidrLedger(
            config,
            config.clusterRanges().stream()
                .map(range -> CidrMeters.in(registry, range.range().text()))
                .toList());
    ledger.clear();
    return ledger;
  }

  /** Forgets all nodes. */
  void clear() {
    synchronized (lock) {
      sets.clear();
      blocksByNode.clear();
      nodesByBlock.clear();
      waiting.clear();
      for (int i = 0; i < meters.size(); i++) {
        ClusterRange range = config.clusterRanges().get(i);
        sets.add(new CidrSet(range.range(), range.nodeMask(), meters.get(i)));
      }
      config.serviceRanges().forEach(this::occupyServices);
    }
  }

  @GuardedBy("lock") private void occupyServices(String text) {
    Optional<Cidr> services = Cidr.parse(text);
    if (services.isEmpty()) {
      log.warn("the range of services \"{}\" is not an address range and is ignored", text);
      return;
    }
    sets.stream()
        .filter(set -> set.touches(services.get()))
        .forEach(set -> set.occupy(services.get()));
  }

  /**
   * Notes the ranges a node has.
   *
   * @return what is wrong with them; empty when they are right
   */
  Optional<String> occupy(String node, List<String> podCidrs) {
    synchronized (lock) {
      List<Cidr> before = blocksByNode.getOrDefault(node, List.of());
      List<Cidr> now = new ArrayList<>();
      Optional<String> problem = Optional.empty();
      for (int i = 0; i < podCidrs.size() && problem.isEmpty(); i++) {
        problem = occupy(node, podCidrs.get(i), i, now);
      }
      for (int i = 0; i < before.size(); i++) {
        if (i >= now.size() || !before.get(i).equals(now.get(i))) {
          giveBack(node, i, before.get(i));
        }
      }
      waiting.remove(node);
      blocksByNode.put(node, now);
      return problem;
    }
  }

  @GuardedBy("lock") private Optional<String> occupy(String node, String text, int index, List<Cidr> occupied) {
    Optional<Cidr> cidr = Cidr.parse(text);
    if (cidr.isEmpty()) {
      return Optional.of("failed to parse node " + node + ", CIDR " + text);
    }
    if (index >= sets.size()) {
      return Optional.of(
          ("node:%s has an allocated cidr: %s at index:%d that does not exist in cluster cidrs"
                  + " configuration")
              .formatted(node, text, index));
    }
    try {
      sets.get(index).occupy(cidr.get());
    } catch (IllegalArgumentException outside) {
      return Optional.of(
          "failed to mark cidr[%s] at idx [%d] as occupied for node: %s: %s"
              .formatted(text, index, node, outside.getMessage()));
    }
    hold(node, cidr.get());
    occupied.add(cidr.get());
    return Optional.empty();
  }

  /** Sets ranges aside for a node that has none. */
  Offer reserve(String node) {
    synchronized (lock) {
      List<Cidr> known = blocksByNode.get(node);
      if (known != null && !known.isEmpty()) {
        return reserved(known);
      }
      List<Cidr> blocks = new ArrayList<>();
      for (CidrSet set : sets) {
        Optional<Cidr> block = set.allocateNext();
        if (block.isEmpty()) {
          for (int i = 0; i < blocks.size(); i++) {
            sets.get(i).release(blocks.get(i));
          }
          waiting.add(node);
          return new Offer.Exhausted(NONE_LEFT);
        }
        blocks.add(block.get());
      }
      waiting.remove(node);
      blocks.forEach(block -> hold(node, block));
      blocksByNode.put(node, blocks);
      return reserved(blocks);
    }
  }

  /**
   * Gives back what a node has.
   *
   * @return nodes that wait for ranges and may get some now
   */
  List<String> release(String node) {
    synchronized (lock) {
      waiting.remove(node);
      List<Cidr> blocks = blocksByNode.remove(node);
      if (blocks == null || blocks.isEmpty()) {
        return List.of();
      }
      for (int i = 0; i < blocks.size(); i++) {
        giveBack(node, i, blocks.get(i));
      }
      return List.copyOf(waiting);
    }
  }

  @GuardedBy("lock") private void hold(String node, Cidr block) {
    Set<String> holders = nodesByBlock.computeIfAbsent(block, b -> new TreeSet<>());
    if (holders.add(node) && isWorthTelling(holders.size())) {
      log.error(
          "{} is the range of {} nodes: {}{}",
          block.text(),
          holders.size(),
          String.join(", ", holders.stream().limit(MOST_NAMES).toList()),
          holders.size() > MOST_NAMES ? " and others" : "");
    }
  }

  /** Two, four, eight and so on, so that a broken cluster does not fill the log. */
  private static boolean isWorthTelling(int holders) {
    return holders > 1 && Integer.bitCount(holders) == 1;
  }

  /** A block that another node has too stays taken. */
  @GuardedBy("lock") private void giveBack(String node, int index, Cidr block) {
    Set<String> holders = nodesByBlock.getOrDefault(block, new TreeSet<>());
    if (holders.remove(node) && holders.isEmpty()) {
      nodesByBlock.remove(block);
      sets.get(index).release(block);
    }
  }

  private static Offer reserved(List<Cidr> blocks) {
    return new Offer.Reserved(blocks.stream().map(Cidr::text).toList());
  }
}
