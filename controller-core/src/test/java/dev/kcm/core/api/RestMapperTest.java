package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RestMapperTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(4);
  private final Map<String, String> texts = new HashMap<>();
  private final ScriptedApi api = ScriptedApi.on(environment).reading(texts::get);
  private final RestMapper mapper = RestMapper.of(api, environment);

  RestMapperTest() {
    texts.put("/api/v1", resources("pods:Pod:true", "pods/log:Pod:true", "nodes:Node:false"));
    texts.put(
        "/apis",
        """
        {"groups":[
          {"name":"shop.dev","versions":[{"version":"v1beta1"},{"version":"v1"}],
           "preferredVersion":{"version":"v1"}},
          {"name":"metrics.k8s.io","versions":[{"version":"v1"}],
           "preferredVersion":{"version":"v1"}}]}""");
    texts.put("/apis/shop.dev/v1", resources("shops:Shop:true"));
    texts.put("/apis/shop.dev/v1beta1", resources("shops:Shop:true", "stalls:Stall:false"));
    texts.put("/apis/metrics.k8s.io/v1", resources("pods:PodMetrics:true"));
  }

  private static String resources(String... rows) {
    StringBuilder text = new StringBuilder("{\"resources\":[");
    for (String row : rows) {
      String[] parts = row.split(":", 3);
      text.append(text.charAt(text.length() - 1) == '[' ? "" : ",")
          .append(
              "{\"name\":\"%s\",\"kind\":\"%s\",\"namespaced\":%s}"
                  .formatted(parts[0], parts[1], parts[2]));
    }
    return text.append("]}").toString();
  }

  private ResourceType<GenericKubernetesResource> found(String group, String kind) {
    var answer = mapper.find(group, kind);
    environment.run();
    return answer.join();
  }

  private ApiError failure(String group, String kind) {
    CompletableFuture<?> answer = mapper.find(group, kind);
    environment.run();
    return ApiException.errorOf(answer.handle((type, thrown) -> thrown).join());
  }

  private List<String> asked() {
    return api.requests().stream().map(ScriptedApi.Request::resource).toList();
  }

  @Test
  void findsKindsInThePreferredVersionThatHasThem() {
    assertThat(found("", "Pod")).isEqualTo(ResourceType.generic("", "v1", "Pod", "pods", true));
    assertThat(found("", "Node").namespaced()).isFalse();
    assertThat(found("shop.dev", "Shop").version()).isEqualTo("v1");
    assertThat(found("shop.dev", "Stall"))
        .isEqualTo(ResourceType.generic("shop.dev", "v1beta1", "Stall", "stalls", false));
  }

  @Test
  void asksOnlyForWhatItNeedsAndOnlyOnce() {
    found("shop.dev", "Shop");
    found("shop.dev", "Shop");

    assertThat(asked()).containsExactly("/apis", "/apis/shop.dev/v1");
  }

  @Test
  @DisplayName("HLP-20 a miss drops what is known, at most every 30 s")
  void aMissAsksAnewAtMostEveryThirtySeconds() {
    found("shop.dev", "Shop");
    texts.put("/apis/shop.dev/v1", resources("shops:Shop:true", "carts:Cart:true"));
    assertThat(found("shop.dev", "Cart").plural()).isEqualTo("carts");

    int before = api.requests().size();
    ApiError missing = failure("shop.dev", "Till");
    assertThat(missing.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(missing.message())
        .isEqualTo("the server has no kind Till in group shop.dev, versions [v1, v1beta1]");
    assertThat(api.requests().size() - before).as("one version was not known yet").isEqualTo(1);

    texts.put("/apis/shop.dev/v1", resources("tills:Till:true"));
    environment.advance(RestMapper.BETWEEN_RESETS.minus(Duration.ofMillis(1)));
    assertThat(failure("shop.dev", "Till").kind()).isEqualTo(Kind.NOT_FOUND);
    environment.advance(Duration.ofMillis(1));
    assertThat(found("shop.dev", "Till").plural()).isEqualTo("tills");
  }

  @Test
  void aGroupThatIsNotThereIsNamed() {
    assertThat(failure("nowhere.dev", "Thing").message())
        .isEqualTo("the server has no group nowhere.dev, asked for its kind Thing");
  }

  @Test
  @DisplayName("HLP-20 an aggregated API that is down does not hide the groups that answered")
  void aGroupThatIsDownFailsItsOwnKindsOnlyAndIsAskedAgain() {
    ApiError down = ApiError.of(Kind.SERVER_ERROR, 503, "service unavailable");
    api.answering(
        r -> r.resource().startsWith("/apis/metrics") ? Optional.of(down) : Optional.empty());

    ApiError told = failure("metrics.k8s.io", "PodMetrics");
    assertThat(told.kind()).isEqualTo(Kind.SERVER_ERROR);
    assertThat(told.message())
        .isEqualTo("cannot ask for /apis/metrics.k8s.io/v1: service unavailable");
    assertThat(found("shop.dev", "Shop").plural()).isEqualTo("shops");

    api.answering(r -> Optional.empty());
    assertThat(found("metrics.k8s.io", "PodMetrics").plural()).isEqualTo("pods");
  }

  @Test
  void aVersionThatIsDownDoesNotHideTheOther() {
    ApiError down = ApiError.of(Kind.SERVER_ERROR, 503, "service unavailable");
    api.answering(
        r -> r.resource().equals("/apis/shop.dev/v1") ? Optional.of(down) : Optional.empty());

    assertThat(found("shop.dev", "Shop").version()).isEqualTo("v1beta1");
  }

  @Test
  void anAnswerThatIsNoJsonIsToldAndNotKept() {
    String good = texts.put("/api/v1", "<html>");
    assertThat(failure("", "Pod").kind()).isEqualTo(Kind.UNDECODABLE);

    texts.put("/api/v1", good);
    assertThat(found("", "Pod").plural()).isEqualTo("pods");
  }
}
