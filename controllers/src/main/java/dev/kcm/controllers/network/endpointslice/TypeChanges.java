package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.slices.SliceChanges;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is to be done for one address type, while it is being worked out.
 *
 * <p>Confined to the decision that makes it.
 */
final class TypeChanges {

  final List<EndpointSlice> create = new ArrayList<>();
  final List<EndpointSlice> update = new ArrayList<>();
  final List<EndpointSlice> delete = new ArrayList<>();
  final List<EndpointSlice> unchanged = new ArrayList<>();
  int added;
  int removed;

  /** All slices there will be. */
  Stream<EndpointSlice> remaining() {
    return Stream.of(create, update, unchanged).flatMap(List::stream);
  }

  /** How many slices are written or deleted. */
  int count() {
    return create.size() + update.size() + delete.size();
  }

  SliceChanges sliceChanges() {
    return new SliceChanges(create, update, delete, unchanged);
  }
}
