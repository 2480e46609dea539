package dev.kcm.controllers.shared.services;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What subsets of Endpoints say, however they are cut: which addresses stand behind each port, and
 * whether they are ready. Two lists of subsets with equal contents mean the same.
 *
 * <p>An address that is said to be ready and not ready behind one port is not. Versions in target
 * references do not count.
 *
 * <p>Immutable once built; confined to the thread that builds it before.
 */
public final class SubsetContents {

  /** Stands for "no ports": a headless Service may have none. */
  private static final EndpointPort NO_PORT = new EndpointPort();

  private static final Comparator<EndpointPort> PORT_ORDER =
      Comparator.comparing((EndpointPort port) -> orEmpty(port.getName()))
          .thenComparing(port -> orEmpty(port.getProtocol()))
          .thenComparing(port -> Objects.requireNonNullElse(port.getPort(), 0))
          .thenComparing(port -> orEmpty(port.getAppProtocol()));

  private final Map<EndpointPort, Map<Id, Entry>> entriesByPort = new HashMap<>();

  /** What tells addresses apart. */
  private record Id(String ip, String uid) implements Comparable<Id> {

    @Override
    public int compareTo(Id other) {
      int byIp = ip.compareTo(other.ip);
      return byIp != 0 ? byIp : uid.compareTo(other.uid);
    }
  }

  /**
   * An address behind a port.
   *
   * @param address without a version in its target reference
   * @param ready whether it is ready
   */
  public record Entry(EndpointAddress address, boolean ready) {}

  /** The contents of subsets; null is the same as none. */
  public static SubsetContents of(@Nullable List<EndpointSubset> subsets) {
    SubsetContents contents = new SubsetContents();
    for (EndpointSubset subset : subsets == null ? List.<EndpointSubset>of() : subsets) {
      List<EndpointPort> ports = subset.getPorts();
      for (EndpointPort port : ports.isEmpty() ? List.of(NO_PORT) : ports) {
        subset.getAddresses().forEach(address -> contents.add(port, address, true));
        subset.getNotReadyAddresses().forEach(address -> contents.add(port, address, false));
      }
    }
    return contents;
  }

  /** Adds an address that has no port. */
  public void add(EndpointAddress address, boolean ready) {
    add(NO_PORT, address, ready);
  }

  /** Adds an address behind a port. */
  public void add(EndpointPort port, EndpointAddress address, boolean ready) {
    entriesByPort
        .computeIfAbsent(port, p -> new TreeMap<>())
        .merge(
            new Id(orEmpty(address.getIp()), uid(address)),
            new Entry(withoutVersion(address), ready),
            (one, other) -> one.ready() ? other : one);
  }

  /** Whether addresses are ready, by UID of the pod; not ready if not so behind every port. */
  public Map<String, Boolean> readyByUid() {
    Map<String, Boolean> ready = new HashMap<>();
    for (Map<Id, Entry> entries : entriesByPort.values()) {
      entries.forEach((id, entry) -> ready.merge(id.uid(), entry.ready(), Boolean::logicalAnd));
    }
    return ready;
  }

  /** As few subsets as say this, in an order that follows from what they say. */
  public List<EndpointSubset> subsets() {
    Map<Map<Id, Entry>, List<EndpointPort>> portsByEntries = new LinkedHashMap<>();
    entriesByPort.keySet().stream()
        .sorted(PORT_ORDER)
        .forEach(
            port ->
                portsByEntries
                    .computeIfAbsent(entriesByPort.get(port), e -> new ArrayList<>())
                    .add(port));
    List<EndpointSubset> subsets = new ArrayList<>();
    portsByEntries.forEach((entries, ports) -> subsets.add(subset(entries, ports)));
    return subsets;
  }

  private static EndpointSubset subset(Map<Id, Entry> entries, List<EndpointPort> ports) {
    return new EndpointSubsetBuilder()
        .withAddresses(addresses(entries, true))
        .withNotReadyAddresses(addresses(entries, false))
        .withPorts(ports.equals(List.of(NO_PORT)) ? List.of() : ports)
        .build();
  }

  private static List<EndpointAddress> addresses(Map<Id, Entry> entries, boolean ready) {
    return entries.values().stream()
        .filter(entry -> entry.ready() == ready)
        .map(Entry::address)
        .toList();
  }

  private static String uid(EndpointAddress address) {
    ObjectReference target = address.getTargetRef();
    return target == null ? "" : orEmpty(target.getUid());
  }

  private static EndpointAddress withoutVersion(EndpointAddress address) {
    ObjectReference target = address.getTargetRef();
    if (target == null || target.getResourceVersion() == null) {
      return address;
    }
    return new EndpointAddressBuilder(address)
        .withTargetRef(new ObjectReferenceBuilder(target).withResourceVersion(null).build())
        .build();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SubsetContents contents && entriesByPort.equals(contents.entriesByPort);
  }

  @Override
  public int hashCode() {
    return entriesByPort.hashCode();
  }

  @Override
  public String toString() {
    return entriesByPort.toString();
  }
}
