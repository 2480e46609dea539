package dev.kcm.daemon.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The roles a manager runs with. */
enum GivenRoles {

  /** Those that every cluster starts with. */
  OF_UPSTREAM("", true),

  /** Those of the shipped manifest, and none of upstream's. */
  PER_CONTROLLER(RbacManifestsTest.PER_CONTROLLER, true),

  /** All that controllers do, for one account, and none of upstream's. */
  ONE_ACCOUNT(RbacManifestsTest.ONE_ACCOUNT, false);

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";

  private final String manifest;
  private final boolean accountForEach;

  GivenRoles(String manifest, boolean accountForEach) {
    this.manifest = manifest;
    this.accountForEach = accountForEach;
  }

  /** Whether each controller acts as a service account of its own. */
  boolean accountForEach() {
    return accountForEach;
  }

  /** The user that the process acts as. */
  String process() {
    return manifest.isEmpty()
        ? "system:kube-controller-manager"
        : "system:serviceaccount:" + RbacManifests.ACCOUNT.toString().replace('/', ':');
  }

  /**
   * Takes upstream's bindings away and applies the manifest, where there is one.
   *
   * @return the kubeconfig to start the manager with
   */
  Path applyTo(TestBed bed, Path directory) throws Exception {
    if (manifest.isEmpty()) {
      return bed.kubeconfig();
    }
    removeBindings(bed, RBAC + "clusterrolebindings");
    removeBindings(bed, RBAC + "namespaces/kube-system/rolebindings");
    removeBindings(bed, RBAC + "namespaces/kube-public/rolebindings");
    for (JsonNode object : documents()) {
      bed.create(path(object), object.toString());
    }
    return kubeconfig(bed, directory);
  }

  private static void removeBindings(TestBed bed, String path) throws Exception {
    for (JsonNode binding : bed.readJson(path).path("items")) {
      String name = binding.at("/metadata/name").asText();
      if (name.contains("kube-controller-manager")
          || name.contains("extension-apiserver-authentication")
          || name.startsWith("system:controller:")) {
        bed.write("DELETE", path + "/" + name, "", 200);
      }
    }
  }

  private List<JsonNode> documents() throws IOException {
    try (MappingIterator<JsonNode> all =
        YAML.readerFor(JsonNode.class)
            .readValues(RbacManifestsTest.DIRECTORY.resolve(manifest).toFile())) {
      return all.readAll();
    }
  }

  private static String path(JsonNode object) {
    String version = object.path("apiVersion").asText();
    String namespace = object.at("/metadata/namespace").asText();
    return (version.equals("v1") ? "/api/v1/" : "/apis/" + version + "/")
        + (namespace.isEmpty() ? "" : "namespaces/" + namespace + "/")
        + object.path("kind").asText().toLowerCase(Locale.ROOT)
        + "s";
  }

  /** With a token of the account, as a pod has one. */
  private static Path kubeconfig(TestBed bed, Path directory) throws Exception {
    String account =
        "/api/v1/namespaces/%s/serviceaccounts/%s"
            .formatted(RbacManifests.ACCOUNT.namespace(), RbacManifests.ACCOUNT.name());
    String answer = bed.create(account + "/token", "{\"spec\":{\"expirationSeconds\":3600}}");
    return Files.writeString(
        directory.resolve("account.kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
        users: [{name: u, user: {token: "%s"}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(
                bed.cluster().url(),
                bed.pki("ca.pem"),
                YAML.readTree(answer).at("/status/token").asText()));
  }
}
