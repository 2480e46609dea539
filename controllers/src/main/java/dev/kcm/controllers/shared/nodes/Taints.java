package dev.kcm.controllers.shared.nodes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Objects;

/**
 * The questions controllers ask of the taints of a node.
 *
 * <p>Immutable.
 */
public final class Taints {

  /** Keeps pods away that do not run there yet. */
  public static final String NO_SCHEDULE = "NoSchedule";

  /** Sends pods away that run there. */
  public static final String NO_EXECUTE = "NoExecute";

  private Taints() {}

  /** All taints of a node, in its order. */
  public static List<Taint> of(Node node) {
    return node.getSpec() == null || node.getSpec().getTaints() == null
        ? List.of()
        : node.getSpec().getTaints();
  }

  /** The taints of a node that send pods away, in its order. */
  public static List<Taint> noExecute(Node node) {
    List<Taint> all = of(node);
    return all.isEmpty() ? List.of() : all.stream().filter(t -> is(t, NO_EXECUTE)).toList();
  }

  /** Whether a node has a taint of this key and effect. */
  public static boolean has(Node node, String key, String effect) {
    for (Taint taint : of(node)) {
      if (key.equals(taint.getKey()) && is(taint, effect)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a taint has this effect. */
  public static boolean is(Taint taint, String effect) {
    return Objects.equals(effect, taint.getEffect());
  }
}
