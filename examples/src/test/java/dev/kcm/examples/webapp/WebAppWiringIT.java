package dev.kcm.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import dev.kcm.testkit.cluster.InProcessApiClient;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator on real threads against an embedded API server that knows its kind. */
class WebAppWiringIT {

  private static final ObjectKey KEY = new ObjectKey("default", "hello");

  private final Environment environment = Environment.system();
  private final ApiServer server = ApiServer.builder().kinds(kinds()).build();
  private final InProcessApiClient client = InProcessApiClient.of(server, environment);
  private Manager manager;

  @BeforeEach
  void start() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    manager =
        Manager.named("test")
            .controllers(List.of(Main.controller()))
            .clients(identity -> InProcessApiClient.of(server, environment))
            .informers(Informers.create(client, environment, meters))
            .meters(meters)
            .create(environment);
    manager.start();
  }

  @AfterEach
  void stop() {
    assertThat(manager.stop(Duration.ofSeconds(5)).join().clean()).isTrue();
    server.close();
  }

  @Test
  void appLivesFromCreationToDeletion() {
    client.create(Main.APPS, app()).join();
    await().untilAsserted(() -> assertThat(reason()).isEqualTo("PodsNotReady"));
    assertThat(client.get(Main.PAGES, KEY).join().getData()).containsValue("hi");

    patch(Main.SERVERS, "status", "{\"status\":{\"replicas\":2,\"readyReplicas\":2}}");
    await().untilAsserted(() -> assertThat(reason()).isEqualTo("Serving"));

    patch(Main.APPS, "", "{\"spec\":{\"replicas\":3,\"message\":\"ho\"}}");
    await().untilAsserted(() -> assertThat(replicas()).isEqualTo(3));
    await()
        .untilAsserted(
            () -> assertThat(client.get(Main.PAGES, KEY).join().getData()).containsValue("ho"));
    await().untilAsserted(() -> assertThat(get().getStatus().observedGeneration()).isEqualTo(2));

    client.delete(Main.APPS, KEY, DeleteOptions.DEFAULTS).join();
    await().until(() -> isGone(Main.SERVERS) && isGone(Main.APPS));
  }

  private WebApp get() {
    return client.get(Main.APPS, KEY).join();
  }

  private String reason() {
    List<String> reasons = new ArrayList<>();
    get().getStatus().conditions().forEach(condition -> reasons.add(condition.getReason()));
    return String.join(",", reasons);
  }

  private int replicas() {
    return client.get(Main.SERVERS, KEY).join().getSpec().getReplicas();
  }

  private boolean isGone(ResourceType<?> type) {
    return client
        .get(type, KEY)
        .handle(
            (object, error) ->
                error != null && ApiException.errorOf(error).kind() == ApiError.Kind.NOT_FOUND)
        .join();
  }

  private <T extends HasMetadata> void patch(
      ResourceType<T> type, String subresource, String body) {
    client.patch(type, KEY, subresource, PatchFormat.MERGE, body).join();
  }

  private static WebApp app() {
    WebApp app = new WebApp();
    app.setMetadata(new ObjectMetaBuilder().withNamespace("default").withName("hello").build());
    app.setSpec(new WebAppSpec("nginx:1", 2, "hi"));
    return app;
  }

  private static KindTable kinds() {
    List<String> verbs = List.of("get", "patch", "update");
    List<Kind> kinds = new ArrayList<>(KindTable.standard().all());
    Kind model = KindTable.standard().find("apps", "v1", "deployments").orElseThrow();
    kinds.add(
        new Kind(
            Main.APPS.group(),
            Main.APPS.version(),
            Main.APPS.kind(),
            Main.APPS.plural(),
            "webapp",
            List.of(),
            List.of(),
            true,
            model.verbs(),
            List.of(new Kind.Subresource("status", "", "", Main.APPS.kind(), verbs)),
            "",
            Set.of(Kind.Trait.GENERATION)));
    return KindTable.of(kinds);
  }
}
