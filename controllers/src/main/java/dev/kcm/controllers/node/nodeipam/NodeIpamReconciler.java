package dev.kcm.controllers.node.nodeipam;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes the ranges that were set aside for a node.
 *
 * <p>Immutable.
 */
final class NodeIpamReconciler implements Reconciler<NodeIpamSnapshot> {

  static final String NOT_AVAILABLE = "CIDRNotAvailable";
  static final String ASSIGNMENT_FAILED = "CIDRAssignmentFailed";

  private static final int TRIES = 3;
  private static final String WHY = "the node has no range of pod addresses";

  @Override
  public Plan decide(NodeIpamSnapshot snapshot, Instant now) {
    Offer offer = snapshot.offer();
    if (offer instanceof Offer.Reserved reserved) {
      return assign(snapshot.node(), reserved.cidrs(), 1);
    }
    if (offer instanceof Offer.Exhausted exhausted) {
      return Plan.of(event(snapshot.node(), NOT_AVAILABLE, exhausted.why()))
          .ending(Verdict.retry(exhausted.why()));
    }
    return offer instanceof Offer.Refused refused
        ? Plan.verdict(Verdict.drop(refused.why()))
        : Plan.NOTHING;
  }

  private static Plan assign(Node node, List<String> cidrs, int attempt) {
    return Plan.of(patch(node, cidrs))
        .then(
            report -> {
              Optional<ApiError> failed = report.firstRejected().map(r -> r.error());
              if (failed.isEmpty()) {
                return Plan.NOTHING;
              }
              return attempt < TRIES && mayHelp(failed.get())
                  ? assign(node, cidrs, attempt + 1)
                  : Plan.of(event(node, ASSIGNMENT_FAILED, failed.get().message()))
                      .ending(Verdict.retry(failed.get()));
            });
  }

  /** What the server asks to wait for, or does not find, is not asked again at once. */
  private static boolean mayHelp(ApiError error) {
    return error.retryAfter() == null && error.kind() != ApiError.Kind.NOT_FOUND;
  }

  private static Action patch(Node node, List<String> cidrs) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode spec = body.putObject("spec").put("podCIDR", cidrs.get(0));
    ArrayNode all = spec.putArray("podCIDRs");
    cidrs.forEach(all::add);
    return new Action.Patch<>(
        Kinds.NODES, ObjectKey.of(node), "", PatchFormat.STRATEGIC, body.toString(), WHY);
  }

  private static Action event(Node node, String reason, String why) {
    return new Action.Emit(
        node,
        Kinds.NODES,
        Action.Severity.NORMAL,
        reason,
        "Node %s status is now: %s".formatted(node.getMetadata().getName(), reason),
        why);
  }
}
