package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ApiConnectionsTest {

  private static final ResourceType<Pod> PODS = ResourceType.of(Pod.class);
  private static final ObjectKey KEY = new ObjectKey("shop", "a");
  private static final String POD =
      "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}";

  private static Config config(TinyServer server, String token) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(server.url())
        .withOauthTokenProvider(() -> token)
        .build();
  }

  private static ApiClient client(TinyServer server, String name, ApiConnections shared) {
    return ApiClients.builder(config(server, "token-of-" + name))
        .userAgent(name)
        .unlimited()
        .over(shared)
        .build();
  }

  @Test
  void clientsShareAConnectionAndSendEachItsOwnCredentials() throws Exception {
    try (TinyServer server = new TinyServer((request, out) -> TinyServer.reply(out, 200, "", POD));
        ApiConnections shared = ApiConnections.to(config(server, "of nobody"));
        ApiClient one = client(server, "one", shared);
        ApiClient two = client(server, "two", shared)) {
      one.get(PODS, KEY).get(20, TimeUnit.SECONDS);
      two.get(PODS, KEY).get(20, TimeUnit.SECONDS);

      assertThat(server.requests)
          .extracting(
              seen -> seen.headers().get("user-agent") + " " + seen.headers().get("authorization"))
          .containsExactly("one Bearer token-of-one", "two Bearer token-of-two");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void closingOneClientLeavesTheOthersTheirConnection() throws Exception {
    try (TinyServer server = new TinyServer((request, out) -> TinyServer.reply(out, 200, "", POD));
        ApiConnections shared = ApiConnections.to(config(server, "of nobody"));
        ApiClient other = client(server, "other", shared)) {
      ApiClient closed = client(server, "closed", shared);
      closed.get(PODS, KEY).get(20, TimeUnit.SECONDS);
      closed.close();

      assertThat(other.get(PODS, KEY).get(20, TimeUnit.SECONDS).getMetadata().getName())
          .isEqualTo("a");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aLaneTakesFiftyRequestsUntilOneLeaves() throws Exception {
    try (TinyServer server = new TinyServer((request, out) -> TinyServer.reply(out, 200, "", POD));
        ApiConnections shared = ApiConnections.to(config(server, ""))) {
      ApiConnections.Lane first = shared.enter();
      for (int i = 1; i < 50; i++) {
        assertThat(shared.enter()).isSameAs(first);
      }
      ApiConnections.Lane second = shared.enter();
      assertThat(second).isNotSameAs(first);

      shared.leave(first);
      assertThat(shared.enter()).isSameAs(first);
      assertThat(shared.enter()).isSameAs(second);

      shared.abandon(first);
      shared.leave(first);
      assertThat(shared.enter()).isSameAs(second);
    }
  }

  @Test
  void speaksHttp2OnlyWhereGoawayLosesNoAnswer() {
    assertThat(ApiConnections.onlyHttp11(Runtime.Version.parse("17.0.15"))).isTrue();
    assertThat(ApiConnections.onlyHttp11(Runtime.Version.parse("21.0.4"))).isTrue();
    assertThat(ApiConnections.onlyHttp11(Runtime.Version.parse("25.0.3"))).isFalse();
  }
}
