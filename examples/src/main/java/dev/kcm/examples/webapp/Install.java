package dev.kcm.examples.webapp;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates what manifests name and is not there yet, with fabric8's DSL. */
public final class Install {

  private Install() {}

  /**
   * Creates and ends.
   *
   * @param args files with manifests, in order
   */
  public static void main(String[] args) throws IOException {
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      for (String file : args) {
        try (InputStream manifests = Files.newInputStream(Path.of(file))) {
          client.load(manifests).items().forEach(object -> create(client, object));
        }
      }
    }
  }

  private static void create(KubernetesClient client, HasMetadata object) {
    Resource<HasMetadata> resource = client.resource(object);
    String state = "is there";
    if (resource.get() == null) {
      resource.create();
      state = "created";
    }
    System.out.println(object.getKind() + " " + object.getMetadata().getName() + ": " + state);
  }
}
