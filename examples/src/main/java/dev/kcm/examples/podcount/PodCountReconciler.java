package dev.kcm.examples.podcount;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;

/**
 * Keeps the label at the count.
 *
 * <p>Immutable.
 */
final class PodCountReconciler implements Reconciler<PodCountSnapshot> {

  /** The label it owns. */
  static final String LABEL = "examples.kcm.dev/running-pods";

  @Override
  public Plan decide(PodCountSnapshot snapshot, Instant now) {
    ObjectMeta metadata = snapshot.namespace().getMetadata();
    String count = Long.toString(snapshot.running());
    boolean going = metadata.getDeletionTimestamp() != null;
    if (going || count.equals(metadata.getLabels().get(LABEL))) {
      return Plan.NOTHING;
    }
    // The UID makes the server refuse when the name belongs to another namespace by now.
    String body =
        "{\"metadata\":{\"uid\":\"%s\",\"labels\":{\"%s\":\"%s\"}}}"
            .formatted(metadata.getUid(), LABEL, count);
    return Plan.of(
        new Action.Patch<>(
            Main.NAMESPACES,
            ObjectKey.of(metadata),
            "",
            PatchFormat.MERGE,
            body,
            "count has changed"));
  }
}
