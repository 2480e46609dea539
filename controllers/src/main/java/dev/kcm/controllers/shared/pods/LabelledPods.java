package dev.kcm.controllers.shared.pods;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;

/**
 * Pods by the labels they carry, from an index that all controllers share which look for pods by
 * labels. Nobody has to look through a whole namespace for a few pods.
 *
 * <p>Thread-safe: listers are.
 */
public final class LabelledPods {

  private static final String LABELS = "podLabels";

  private final Lister<Pod> pods;

  private LabelledPods(Lister<Pod> pods) {
    this.pods = pods;
  }

  /** Over an informer; the index it needs is made. */
  public static LabelledPods in(Informer<Pod> pods) {
    pods.ensureIndex(LABELS, LabelledPods::valuesOf);
    return new LabelledPods(pods.lister());
  }

  /**
   * The pods of a namespace that carry one of these labels, the rarest of them; in any state and
   * order. All pods of the namespace when there are no labels.
   */
  public List<Pod> candidates(String namespace, Map<String, String> labels) {
    if (labels.isEmpty()) {
      return pods.inNamespace(namespace);
    }
    List<Pod> fewest = List.of();
    boolean first = true;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      List<Pod> candidates = pods.byIndex(LABELS, value(namespace, label));
      if (first || candidates.size() < fewest.size()) {
        fewest = candidates;
        first = false;
      }
    }
    return fewest;
  }

  private static List<String> valuesOf(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    if (labels == null) {
      return List.of();
    }
    String namespace = ObjectKey.of(pod).namespace();
    return labels.entrySet().stream().map(label -> value(namespace, label)).toList();
  }

  private static String value(String namespace, Map.Entry<String, String> label) {
    return namespace + '/' + label.getKey() + '=' + label.getValue();
  }
}
