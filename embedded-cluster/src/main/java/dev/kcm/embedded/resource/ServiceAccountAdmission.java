package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Objects.Held;
import java.util.List;

/**
 * Gives new pods their service account: its name, a volume with a token that every container sees,
 * and the account's secrets for pulling images.
 *
 * <p>Thread-safe: without state of its own.
 */
final class ServiceAccountAdmission {

  private static final String DEFAULT = "default";
  private static final String VOLUME_PREFIX = "kube-api-access-";
  private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String AUTOMOUNT = "automountServiceAccountToken";
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final int TOKEN_SECONDS = 3607;
  private static final int FILE_MODE = 0644;

  private final Objects objects;
  private final Kind accounts;
  private final Ids ids;
  private final boolean required;

  /**
   * @param required whether a pod whose account does not exist is refused, rather than left alone
   */
  ServiceAccountAdmission(Objects objects, Kind accounts, Ids ids, boolean required) {
    this.objects = objects;
    this.accounts = accounts;
    this.ids = ids;
    this.required = required;
  }

  void complete(ObjectNode pod) {
    if (pod.path("metadata").path("annotations").has(MIRROR)) {
      return;
    }
    ObjectNode spec = Trees.child(pod, "spec");
    String name = spec.path("serviceAccountName").asText("");
    String used = name.isEmpty() ? DEFAULT : name;
    Held account = objects.get(accounts, Meta.namespace(pod), used);
    if (account == null) {
      refuseIfRequired(pod, used);
      return;
    }
    spec.put("serviceAccountName", used).put("serviceAccount", used);
    if (mounts(spec, account.object())) {
      mountToken(spec);
    }
    if (spec.path("imagePullSecrets").isEmpty()
        && !account.object().path("imagePullSecrets").isEmpty()) {
      Trees.copyField(account.object(), spec, "imagePullSecrets");
    }
  }

  private void refuseIfRequired(ObjectNode pod, String account) {
    if (required) {
      throw Statuses.forbidden(
          "",
          "pods",
          Meta.name(pod),
          "error looking up service account %s/%s: serviceaccount \"%s\" not found"
              .formatted(Meta.namespace(pod), account, account));
    }
  }

  /** The pod decides, else the account; by default the token is mounted. */
  private static boolean mounts(JsonNode spec, JsonNode account) {
    return spec.has(AUTOMOUNT)
        ? spec.path(AUTOMOUNT).asBoolean()
        : account.path(AUTOMOUNT).asBoolean(true);
  }

  private void mountToken(ObjectNode spec) {
    String volume = presentVolume(spec);
    String name = volume.isEmpty() ? VOLUME_PREFIX + ids.suffix() : volume;
    boolean needed = false;
    for (String list : List.of("initContainers", "containers")) {
      for (ObjectNode container : Trees.items(spec, list)) {
        if (!hasMount(container)) {
          Trees.listChild(container, "volumeMounts")
              .addObject()
              .put("mountPath", MOUNT_PATH)
              .put("name", name)
              .put("readOnly", true);
          needed = true;
        }
      }
    }
    if (needed && volume.isEmpty()) {
      Trees.listChild(spec, "volumes").add(tokenVolume(name));
    }
  }

  private static String presentVolume(JsonNode spec) {
    for (JsonNode volume : spec.path("volumes")) {
      if (volume.path("name").asText().startsWith(VOLUME_PREFIX)) {
        return volume.path("name").asText();
      }
    }
    return "";
  }

  private static boolean hasMount(JsonNode container) {
    for (JsonNode mount : container.path("volumeMounts")) {
      if (mount.path("mountPath").asText().equals(MOUNT_PATH)) {
        return true;
      }
    }
    return false;
  }

  private static ObjectNode tokenVolume(String name) {
    ObjectNode volume = Trees.object().put("name", name);
    ObjectNode projected = volume.putObject("projected").put("defaultMode", FILE_MODE);
    var sources = projected.putArray("sources");
    sources
        .addObject()
        .putObject("serviceAccountToken")
        .put("expirationSeconds", TOKEN_SECONDS)
        .put("path", "token");
    ObjectNode authority =
        sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
    authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
    ObjectNode namespace =
        sources.addObject().putObject("downwardAPI").putArray("items").addObject();
    namespace
        .put("path", "namespace")
        .putObject("fieldRef")
        .put("apiVersion", "v1")
        .put("fieldPath", "metadata.namespace");
    return volume;
  }
}
