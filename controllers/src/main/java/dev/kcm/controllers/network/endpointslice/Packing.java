package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.slices.EndpointIdentity;
import dev.kcm.controllers.shared.slices.SlicePorts;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts endpoints that are reached at the same ports into slices with as few writes as can be:
 * slices that have to be written anyway are filled first, then at most one of the others, then new
 * ones. Slices are never rewritten only to be fuller.
 *
 * <p>Confined to the decision that makes it.
 */
final class Packing {

  private final SliceTemplate template;
  private final SlicePorts ports;
  private final int most;
  private final TypeChanges changes;
  private final Map<EndpointIdentity, Endpoint> left;
  private final List<Written> dirty = new ArrayList<>();
  private final List<EndpointSlice> clean = new ArrayList<>();

  /** A slice to be written, with what it will hold. */
  private record Written(@Nullable EndpointSlice old, List<Endpoint> endpoints) {}

  private Packing(
      SliceTemplate template,
      SlicePorts ports,
      int most,
      TypeChanges changes,
      Map<EndpointIdentity, Endpoint> wanted) {
    this.template = template;
    this.ports = ports;
    this.most = most;
    this.changes = changes;
    this.left = new LinkedHashMap<>(wanted);
  }

  /**
   * Packs.
   *
   * @param existing slices with these ports
   * @param wanted endpoints to be in them
   * @param changes takes what is to be done
   */
  static void pack(
      SliceTemplate template,
      SlicePorts ports,
      int most,
      List<EndpointSlice> existing,
      Map<EndpointIdentity, Endpoint> wanted,
      TypeChanges changes) {
    Packing packing = new Packing(template, ports, most, changes, wanted);
    existing.forEach(packing::keep);
    changes.added += packing.left.size();
    packing.place();
    packing.conclude();
  }

  private void keep(EndpointSlice slice) {
    List<Endpoint> kept = new ArrayList<>();
    boolean changed = false;
    for (Endpoint endpoint : slice.getEndpoints()) {
      Endpoint wanted = left.remove(EndpointIdentity.of(endpoint));
      if (wanted != null) {
        kept.add(wanted);
        changed |= !EndpointIdentity.sameBeyond(endpoint, wanted);
      }
    }
    int removed = slice.getEndpoints().size() - kept.size();
    changes.removed += removed;
    if (!changed && removed == 0 && template.hasLabels(slice)) {
      clean.add(slice);
    } else if (kept.isEmpty()) {
      changes.delete.add(slice);
    } else {
      dirty.add(new Written(slice, changed || removed > 0 ? kept : hinted(slice)));
    }
  }

  /** Where only labels change, the endpoints stay as they are. */
  private static List<Endpoint> hinted(EndpointSlice slice) {
    return new ArrayList<>(slice.getEndpoints());
  }

  private void place() {
    Deque<Endpoint> rest = new ArrayDeque<>(left.values());
    dirty.sort(Comparator.comparing((Written w) -> w.endpoints().size()).reversed());
    dirty.forEach(written -> fill(written, rest));
    while (!rest.isEmpty()) {
      EndpointSlice fitting = rest.size() < most ? bestFit(rest.size()) : null;
      Written written =
          fitting == null
              ? new Written(null, new ArrayList<>())
              : new Written(fitting, new ArrayList<>(fitting.getEndpoints()));
      clean.remove(fitting);
      fill(written, rest);
      dirty.add(written);
    }
  }

  private void fill(Written written, Deque<Endpoint> rest) {
    while (!rest.isEmpty() && written.endpoints().size() < most) {
      written.endpoints().add(rest.removeFirst());
    }
  }

  /** The slice that ends up closest to full; one that would start from nothing is no fit. */
  private @Nullable EndpointSlice bestFit(int count) {
    EndpointSlice best = null;
    int leastFree = most;
    for (EndpointSlice slice : clean) {
      int free = most - slice.getEndpoints().size() - count;
      if (free >= 0 && free < leastFree) {
        best = slice;
        leastFree = free;
      }
    }
    return best;
  }

  private void conclude() {
    for (Written written : dirty) {
      if (written.old() == null) {
        changes.create.add(template.slice(ports, written.endpoints()));
      } else {
        changes.update.add(template.with(written.old(), written.endpoints()));
      }
    }
    changes.unchanged.addAll(clean);
  }
}
