package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.auth.rootca.RootCaConfig;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenConfig;
import dev.kcm.controllers.catalog.Catalog;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.Scope;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.LoggedRequest;
import dev.kcm.embedded.store.Store;
import dev.kcm.testkit.cluster.InProcessApiClient;
import io.fabric8.kubernetes.api.model.Event;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All controllers take over a cluster as the original manager left it, some seconds later. What was
 * recorded of the original is in {@code takeover/}.
 */
class RecordedTakeOverTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<Verb> READS = EnumSet.of(Verb.GET, Verb.LIST, Verb.WATCH);

  /** Nobody renews leases here: later, nodes are rightly taken for lost. */
  private static final Duration LOOK = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private ApiServer server;
  private Manager manager;

  @AfterEach
  void stop() {
    var report = manager.stop(Duration.ofSeconds(1));
    environment.advance(Duration.ofSeconds(20));
    assertThat(report).isDone();
    server.close();
  }

  @Test
  @DisplayName("A settled cluster gets not a single needless write")
  void writesNothingThatIsNotNeeded() throws IOException {
    takeOver(Instant.parse("2026-11-20T10:38:53Z"), "objects.json");
    assertThat(writes()).isEmpty();
  }

  @Test
  @DisplayName("The signature of cluster-info and the certificates are those we would make")
  void signaturesAndCertificatesStay() throws IOException {
    JsonNode before = find(objects("objects.json"), "ConfigMap", "cluster-info");
    takeOver(Instant.parse("2026-11-20T10:38:53Z"), "objects.json");
    assertThat(before.path("data").has("jws-kubeconfig-07401b")).isTrue();
    assertThat(writes())
        .noneMatch(write -> write.contains("cluster-info"))
        .noneMatch(write -> write.contains("certificatesigningrequests"));
  }

  @Test
  @DisplayName("After a lost node: taints, pods and endpoints are as we would make them")
  void aLostNodeIsLeftAsItWas() throws IOException {
    takeOver(Instant.parse("2026-11-20T10:40:20Z"), "objects.json", "after-node-loss.json");
    // Their statuses were recorded before the node was lost, so they count its pods as ready.
    assertThat(writes())
        .containsExactlyInAnyOrder(
            "UPDATE replicationcontrollers/status shop/nginx-rc",
            "UPDATE replicasets/status shop/recreate-bcc5dbcfb",
            "UPDATE replicasets/status shop/web-66fd874bff");
  }

  /**
   * Starts all controllers on what was recorded.
   *
   * @param files later ones replace the objects of the kinds they have
   */
  private void takeOver(Instant now, String... files) throws IOException {
    environment.advance(Duration.between(environment.wallClock().now(), now));
    Path file = directory.resolve("objects.db");
    String certificates = "";
    try (Store store = Store.open(1000, file)) {
      for (String name : files) {
        for (JsonNode object : objects(name)) {
          put(store, (ObjectNode) object);
          if (object.at("/metadata/name").asText().equals("kube-root-ca.crt")) {
            certificates = object.at("/data/ca.crt").asText();
          }
        }
      }
    }
    server =
        ApiServer.builder()
            .clock(new VirtualClock(environment))
            .storeFile(file)
            .requestLog(10_000)
            .build();
    start(certificates);
    environment.advance(LOOK);
  }

  private void start(String certificates) {
    CatalogConfig config =
        CatalogConfig.builder()
            .rootCa(new RootCaConfig(certificates))
            .serviceAccountToken(
                new ServiceAccountTokenConfig(5, TestPki.signingKey(), certificates))
            .csrSigning(
                new CsrSigningConfig(
                    Map.of(
                        Signer.KUBELET_CLIENT, TestPki.files(directory),
                        Signer.API_CLIENT, TestPki.files(directory)),
                    CsrSigningConfig.DEFAULT_LONGEST))
            .build();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    manager =
        Manager.named("test")
            .controllers(Catalog.of(config).specs())
            .selecting(spec -> true)
            .clients(identity -> InProcessApiClient.of(server, environment))
            .informers(
                Informers.create(InProcessApiClient.of(server, environment), environment, meters))
            .meters(meters)
            .create(environment);
    manager.start();
  }

  /**
   * What was written, but for what a take-over is to write: the namespace that waits for a
   * finalizer is emptied once more, which finds nothing to delete; and a new manager says of each
   * node that it has registered it, as the original does at each start.
   */
  private List<String> writes() {
    assertThat(manager.notReadyBecause()).isEmpty();
    List<String> reasons = new ArrayList<>();
    var listed =
        InProcessApiClient.of(server, environment)
            .list(
                ResourceType.of(Event.class),
                ListQuery.all(Scope.ALL),
                event -> reasons.add(event.getReason()));
    environment.run();
    assertThat(listed).isCompleted();
    assertThat(reasons).containsOnly("RegisteredNode");
    return server.requestLog().stream()
        .filter(request -> !READS.contains(request.verb()))
        .filter(
            request ->
                request.verb() != Verb.DELETECOLLECTION || !request.namespace().equals("doomed"))
        .filter(request -> request.verb() != Verb.CREATE || !request.resource().equals("events"))
        .map(RecordedTakeOverTest::text)
        .toList();
  }

  private static String text(LoggedRequest request) {
    return request.verb()
        + " "
        + request.resource()
        + " "
        + request.namespace()
        + "/"
        + request.name();
  }

  private static void put(Store store, ObjectNode object) {
    String apiVersion = object.path("apiVersion").asText();
    String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
    String plural = plural(object.path("kind").asText());
    String namespace = object.at("/metadata/namespace").asText();
    String name = object.at("/metadata/name").asText();
    String resource = group.isEmpty() ? plural : plural + "." + group;
    String key = namespace.isEmpty() ? name : namespace + "/" + name;
    assertThat(store.put(resource, key, store.get(resource, key), object)).isTrue();
  }

  private static String plural(String kind) {
    String lower = kind.toLowerCase(Locale.ROOT);
    return lower.endsWith("s") ? lower : lower + "s";
  }

  private static JsonNode objects(String file) throws IOException {
    try (InputStream in = RecordedTakeOverTest.class.getResourceAsStream("/takeover/" + file)) {
      return JSON.readTree(in);
    }
  }

  private static JsonNode find(JsonNode objects, String kind, String name) {
    for (JsonNode object : objects) {
      if (object.path("kind").asText().equals(kind)
          && object.at("/metadata/name").asText().equals(name)) {
        return object;
      }
    }
    throw new AssertionError("there is no " + kind + " " + name);
  }

  /** The time of day of an environment. Immutable. */
  private static final class VirtualClock extends Clock {

    private final VirtualEnvironment environment;

    private VirtualClock(VirtualEnvironment environment) {
      this.environment = environment;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return environment.wallClock().now();
    }
  }
}
