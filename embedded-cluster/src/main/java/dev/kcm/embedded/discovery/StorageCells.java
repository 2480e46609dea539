package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cells of volumes, claims, classes and the CSI kinds. */
final class StorageCells {

  private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
  private static final List<String> DEFAULT_ANNOTATIONS =
      List.of(
          "storageclass.kubernetes.io/is-default-class",
          "storageclass.beta.kubernetes.io/is-default-class");

  private StorageCells() {}

  static void register(Map<String, CellRule> rules) {
    rules.put("PersistentVolume", StorageCells::volume);
    rules.put("PersistentVolumeClaim", StorageCells::claim);
    rules.put("StorageClass.storage.k8s.io", StorageCells::storageClass);
    rules.put("VolumeAttachment.storage.k8s.io", StorageCells::attachment);
    rules.put("VolumeAttributesClass.storage.k8s.io", StorageCells::attributesClass);
    rules.put("CSINode.storage.k8s.io", StorageCells::csiNode);
    rules.put("CSIDriver.storage.k8s.io", StorageCells::csiDriver);
    rules.put("CSIStorageCapacity.storage.k8s.io", StorageCells::csiCapacity);
  }

  private static void volume(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    JsonNode claim = spec.path("claimRef");
    row.name(object)
        .textOr(spec.path("capacity").path("storage"), "0")
        .text(accessModes(spec.path("accessModes")))
        .text(spec.path("persistentVolumeReclaimPolicy"))
        .text(phase(object))
        .text(
            claim.isObject()
                ? claim.path("namespace").asText("") + "/" + claim.path("name").asText("")
                : "")
        .text(className(object))
        .textOr(spec.path("volumeAttributesClassName"), Row.UNSET)
        .text(object.path("status").path("reason"))
        .age(object)
        .textOr(spec.path("volumeMode"), Row.UNSET);
  }

  private static void claim(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    JsonNode status = object.path("status");
    boolean bound = !spec.path("volumeName").asText("").isEmpty();
    row.name(object)
        .text(phase(object))
        .text(spec.path("volumeName"))
        .text(bound ? Row.orElse(status.path("capacity").path("storage"), "0") : "")
        .text(bound ? accessModes(status.path("accessModes")) : "")
        .text(className(object))
        .textOr(spec.path("volumeAttributesClassName"), Row.UNSET)
        .age(object)
        .textOr(spec.path("volumeMode"), Row.UNSET);
  }

  private static String phase(JsonNode object) {
    return Row.isSet(object.path("metadata").path("deletionTimestamp"))
        ? "Terminating"
        : object.path("status").path("phase").asText("");
  }

  private static String className(JsonNode object) {
    return Row.orElse(
        object.path("metadata").path("annotations").path(CLASS_ANNOTATION),
        object.path("spec").path("storageClassName").asText(""));
  }

  private static String accessModes(JsonNode modes) {
    List<String> present = Words.texts(modes);
    List<String> texts = new ArrayList<>();
    addMode(present, "ReadWriteOnce", "RWO", texts);
    addMode(present, "ReadOnlyMany", "ROX", texts);
    addMode(present, "ReadWriteMany", "RWX", texts);
    addMode(present, "ReadWriteOncePod", "RWOP", texts);
    return String.join(",", texts);
  }

  private static void addMode(
      List<String> present, String mode, String abbreviation, List<String> texts) {
    if (present.contains(mode)) {
      texts.add(abbreviation);
    }
  }

  private static void storageClass(JsonNode object, Row row) {
    JsonNode annotations = object.path("metadata").path("annotations");
    boolean preferred =
        DEFAULT_ANNOTATIONS.stream().anyMatch(key -> annotations.path(key).asText().equals("true"));
    row.text(object.path("metadata").path("name").asText("") + (preferred ? " (default)" : ""))
        .text(object.path("provisioner"))
        .textOr(object.path("reclaimPolicy"), "Delete")
        .textOr(object.path("volumeBindingMode"), "Immediate")
        .flag(object.path("allowVolumeExpansion").asBoolean())
        .age(object);
  }

  private static void attachment(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    row.name(object)
        .text(spec.path("attacher"))
        .text(spec.path("source").path("persistentVolumeName"))
        .text(spec.path("nodeName"))
        .flag(object.path("status").path("attached").asBoolean())
        .age(object);
  }

  private static void attributesClass(JsonNode object, Row row) {
    row.name(object).text(object.path("driverName")).age(object);
  }

  private static void csiNode(JsonNode object, Row row) {
    row.name(object).number(object.path("spec").path("drivers").size()).age(object);
  }

  private static void csiDriver(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    List<String> audiences = new ArrayList<>();
    spec.path("tokenRequests").forEach(token -> audiences.add(token.path("audience").asText("")));
    List<String> modes = Words.texts(spec.path("volumeLifecycleModes"));
    row.name(object)
        .flag(spec.path("attachRequired").asBoolean(true))
        .flag(spec.path("podInfoOnMount").asBoolean())
        .flag(spec.path("storageCapacity").asBoolean())
        .text(audiences.isEmpty() ? Row.UNSET : String.join(",", audiences))
        .flag(spec.path("requiresRepublish").asBoolean())
        .text(modes.isEmpty() ? Row.NONE : String.join(",", modes))
        .age(object);
  }

  private static void csiCapacity(JsonNode object, Row row) {
    row.name(object).text(object.path("storageClassName")).textOr(object.path("capacity"), "0");
  }
}
