package dev.kcm.controllers.shared.slices;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Slices to create, to change, to delete and to leave. Where one is to be deleted and another of
 * its address type created, the new content is written under the old name instead, so that readers
 * never see a moment without it.
 *
 * @param create slices without a name
 * @param update slices with what they should say
 * @param delete slices as they are
 * @param unchanged slices as they are
 */
public record SliceChanges(
    List<EndpointSlice> create,
    List<EndpointSlice> update,
    List<EndpointSlice> delete,
    List<EndpointSlice> unchanged) {

  public SliceChanges {
    create = List.copyOf(create);
    update = List.copyOf(update);
    delete = List.copyOf(delete);
    unchanged = List.copyOf(unchanged);
  }

  /** The same, with slices of this owner written anew instead of deleted, as far as it goes. */
  public SliceChanges recycled(HasMetadata owner) {
    return recycled(slice -> isOwned(slice, owner));
  }

  /** The same, whoever owns the slices. */
  public SliceChanges recycled() {
    return recycled(slice -> true);
  }

  private SliceChanges recycled(Predicate<EndpointSlice> mayBe) {
    List<EndpointSlice> created = new ArrayList<>(create);
    List<EndpointSlice> updated = new ArrayList<>(update);
    List<EndpointSlice> deleted = new ArrayList<>();
    for (EndpointSlice old : delete) {
      int match = mayBe.test(old) ? indexOfType(created, old.getAddressType()) : -1;
      if (match < 0) {
        deleted.add(old);
      } else {
        updated.add(under(old, created.remove(match)));
      }
    }
    return new SliceChanges(created, updated, deleted, unchanged);
  }

  /** The same without creations, for an owner that is being deleted. */
  public SliceChanges withoutCreations() {
    return new SliceChanges(List.of(), update, delete, unchanged);
  }

  /**
   * The writes, in the order in which an endpoint is never missing; the first failure ends them.
   */
  public Stage stage() {
    List<Action> actions = new ArrayList<>();
    for (EndpointSlice slice : create) {
      actions.add(
          Action.create(Kinds.ENDPOINT_SLICES, slice, "endpoints have no slice").expecting());
    }
    for (EndpointSlice slice : update) {
      actions.add(Action.update(Kinds.ENDPOINT_SLICES, slice, "the slice is out of date"));
    }
    for (EndpointSlice slice : delete) {
      actions.add(
          Action.delete(Kinds.ENDPOINT_SLICES, slice, "the slice is not needed any more")
              .expecting());
    }
    return Stage.sequential(actions);
  }

  /** Whether a slice is owned by an object: a reference names its UID. */
  public static boolean isOwned(EndpointSlice slice, HasMetadata owner) {
    return slice.getMetadata().getOwnerReferences().stream()
        .anyMatch(reference -> owner.getMetadata().getUid().equals(reference.getUid()));
  }

  private static int indexOfType(List<EndpointSlice> slices, String addressType) {
    for (int i = 0; i < slices.size(); i++) {
      if (slices.get(i).getAddressType().equals(addressType)) {
        return i;
      }
    }
    return -1;
  }

  private static EndpointSlice under(EndpointSlice old, EndpointSlice content) {
    return new EndpointSliceBuilder(content)
        .editMetadata()
        .withGenerateName(null)
        .withName(old.getMetadata().getName())
        .withUid(old.getMetadata().getUid())
        .withResourceVersion(old.getMetadata().getResourceVersion())
        .endMetadata()
        .build();
  }
}
