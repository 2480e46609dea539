package dev.kcm.controllers.node.ttl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Instant;
import java.util.Map;

/**
 * Writes the value on a node that has another one or none.
 *
 * <p>Immutable.
 */
final class TtlReconciler implements Reconciler<TtlSnapshot> {

  /** The annotation kubelets read: seconds as a decimal number. */
  static final String ANNOTATION = "node.alpha.kubernetes.io/ttl";

  @Override
  public Plan decide(TtlSnapshot snapshot, Instant now) {
    return says(snapshot.node(), snapshot.seconds())
        ? Plan.NOTHING
        : Plan.of(patch(snapshot.node(), snapshot.seconds()));
  }

  private static boolean says(Node node, int seconds) {
    Map<String, String> annotations = node.getMetadata().getAnnotations();
    String text = annotations == null ? null : annotations.get(ANNOTATION);
    if (text == null) {
      return false;
    }
    try {
      return Integer.parseInt(text) == seconds;
    } catch (NumberFormatException noNumber) {
      return false;
    }
  }

  private static Action patch(Node node, int seconds) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.withObject("/metadata/annotations").put(ANNOTATION, Integer.toString(seconds));
    return new Action.Patch<>(
        Kinds.NODES,
        ObjectKey.of(node),
        "",
        PatchFormat.STRATEGIC,
        body.toString(),
        "the node tells kubelets another time to cache");
  }
}
