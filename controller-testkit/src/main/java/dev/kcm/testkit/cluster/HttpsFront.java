package dev.kcm.testkit.cluster;

import dev.kcm.embedded.http.ApiHttpServer;
import dev.kcm.embedded.pki.Pki;
import dev.kcm.embedded.resource.ApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;

/**
 * A port before a server.
 *
 * <p>Thread-safe: immutable but for the server it closes.
 */
final class HttpsFront implements AutoCloseable {

  private final ApiHttpServer http;
  private final String kubeconfig;

  private HttpsFront(ApiHttpServer http, String kubeconfig) {
    this.http = http;
    this.kubeconfig = kubeconfig;
  }

  static HttpsFront before(ApiServer server) {
    try {
      ApiHttpServer http = ApiHttpServer.builder(server, Certificates.PKI).start();
      return new HttpsFront(http, Certificates.PKI.adminKubeconfig(http.url()).yaml());
    } catch (IOException e) {
      server.close();
      throw new UncheckedIOException("the test cluster cannot listen on 127.0.0.1", e);
    }
  }

  String kubeconfig() {
    return kubeconfig;
  }

  /** A fresh copy, since a Config can be changed. */
  Config config() {
    return Config.fromKubeconfig(kubeconfig);
  }

  KubernetesClient newFabric8() {
    return new KubernetesClientBuilder().withConfig(config()).build();
  }

  @Override
  public void close() {
    http.close();
  }

  /** Made at first use; all clusters of a JVM share them. */
  private static final class Certificates {
    static final Pki PKI = Pki.inMemory(Clock.systemUTC(), List.of("127.0.0.1", "localhost"));
  }
}
