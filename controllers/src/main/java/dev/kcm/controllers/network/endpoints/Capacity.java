package dev.kcm.controllers.network.endpoints;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How many addresses one object may list. Where there are more, each subset keeps a share in
 * proportion, and ready addresses go before others.
 *
 * <p>Immutable.
 */
final class Capacity {

  /** Most addresses of one object. */
  static final int MOST = 1000;

  private Capacity() {}

  /** Whether subsets list more than they may. */
  static boolean isExceededBy(List<EndpointSubset> subsets) {
    return count(subsets, EndpointSubset::getAddresses)
            + count(subsets, EndpointSubset::getNotReadyAddresses)
        > MOST;
  }

  /** The subsets, cut down to what may be listed; those within the limit as they are. */
  static List<EndpointSubset> truncated(List<EndpointSubset> subsets) {
    if (!isExceededBy(subsets)) {
      return subsets;
    }
    int ready = count(subsets, EndpointSubset::getAddresses);
    if (ready > MOST) {
      List<List<EndpointAddress>> kept = shares(subsets, EndpointSubset::getAddresses, MOST);
      return with(subsets, kept, subsets.stream().map(s -> List.<EndpointAddress>of()).toList());
    }
    return with(
        subsets,
        subsets.stream().map(EndpointSubset::getAddresses).toList(),
        shares(subsets, EndpointSubset::getNotReadyAddresses, MOST - ready));
  }

  private static List<List<EndpointAddress>> shares(
      List<EndpointSubset> subsets,
      Function<EndpointSubset, List<EndpointAddress>> part,
      int most) {
    int total = count(subsets, part);
    int left = most;
    List<List<EndpointAddress>> kept = new ArrayList<>();
    for (EndpointSubset subset : subsets) {
      List<EndpointAddress> all = part.apply(subset);
      int share = Math.min(left, (int) Math.ceil((double) all.size() / total * most));
      kept.add(all.subList(0, Math.min(share, all.size())));
      left -= share;
    }
    return kept;
  }

  private static List<EndpointSubset> with(
      List<EndpointSubset> subsets,
      List<List<EndpointAddress>> ready,
      List<List<EndpointAddress>> notReady) {
    List<EndpointSubset> cut = new ArrayList<>();
    for (int i = 0; i < subsets.size(); i++) {
      if (!ready.get(i).isEmpty() || !notReady.get(i).isEmpty()) {
        cut.add(
            new EndpointSubsetBuilder(subsets.get(i))
                .withAddresses(ready.get(i))
                .withNotReadyAddresses(notReady.get(i))
                .build());
      }
    }
    return cut;
  }

  private static int count(
      List<EndpointSubset> subsets, Function<EndpointSubset, List<EndpointAddress>> part) {
    return subsets.stream().mapToInt(subset -> part.apply(subset).size()).sum();
  }
}
