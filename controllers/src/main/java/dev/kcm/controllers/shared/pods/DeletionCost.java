package dev.kcm.controllers.shared.pods;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The wish of a pod to be deleted sooner or later than its siblings.
 *
 * <p>Immutable.
 */
public final class DeletionCost {

  /** The annotation users set. */
  public static final String ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";

  /** What counts when the annotation is missing or not valid. */
  public static final int DEFAULT = 0;

  /** No plus sign and no leading zeros; after a minus sign upstream's parser takes zeros. */
  private static final Pattern VALID = Pattern.compile("0|[1-9][0-9]*|-[0-9]+");

  private DeletionCost() {}

  /** The cost of a pod; the cheaper goes first. */
  public static int of(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    String text = annotations == null ? null : annotations.get(ANNOTATION);
    if (text == null || !VALID.matcher(text).matches()) {
      return DEFAULT;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException outOfRange) {
      return DEFAULT;
    }
  }
}
