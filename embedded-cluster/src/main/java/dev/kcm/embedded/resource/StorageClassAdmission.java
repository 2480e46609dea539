package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Gives new claims that name no storage class the default one: the newest of those marked as
 * default, of equally old ones the first by name.
 *
 * <p>Thread-safe: without state of its own.
 */
final class StorageClassAdmission {

  private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

  private final Objects objects;
  private final Optional<Kind> classes;

  StorageClassAdmission(Objects objects, Optional<Kind> classes) {
    this.objects = objects;
    this.classes = classes;
  }

  void complete(ObjectNode claim) {
    ObjectNode spec = Trees.child(claim, "spec");
    boolean chosen =
        spec.hasNonNull("storageClassName")
            || claim.path("metadata").path("annotations").has(CLASS_ANNOTATION);
    if (!chosen) {
      classes.stream()
          .flatMap(kind -> objects.list(kind, "").entries().stream())
          .map(Map.Entry::getValue)
          .filter(StorageClassAdmission::isDefault)
          .max(
              Comparator.comparing((JsonNode c) -> Meta.text(c, "creationTimestamp"))
                  .thenComparing(Meta::name, Comparator.reverseOrder()))
          .ifPresent(chosenClass -> spec.put("storageClassName", Meta.name(chosenClass)));
    }
  }

  private static boolean isDefault(JsonNode storageClass) {
    JsonNode annotations = storageClass.path("metadata").path("annotations");
    return annotations.path("storageclass.kubernetes.io/is-default-class").asText("").equals("true")
        || annotations
            .path("storageclass.beta.kubernetes.io/is-default-class")
            .asText("")
            .equals("true");
  }
}
