package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ServedResources;
import dev.kcm.core.object.ServedResources.Served;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.VirtualEnvironment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

  private static final String CORE =
      """
      {"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1",
       "freshness":"Current","resources":[
        {"resource":"pods","responseKind":{"group":"","version":"","kind":"Pod"},
         "scope":"Namespaced","verbs":["delete","deletecollection","list"],
         "subresources":[{"subresource":"log","verbs":["get"]}]},
        {"resource":"nodes","responseKind":{"kind":"Node"},"scope":"Cluster","verbs":["list"]}]}]}]}
      """;

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(4);
  private final Map<String, String> texts = new HashMap<>(Map.of("/api", CORE));
  private final ScriptedApi api = ScriptedApi.on(environment).reading(texts::get);

  @Test
  void takesEachResourceInTheFirstVersionThatHasIt() {
    texts.put("/apis", groups(version("v1", "shops"), version("v1beta1", "shops", "stalls")));
    assertThat(served().resources())
        .extracting(served -> served.type().plural() + " " + served.type().apiVersion())
        .containsExactly("pods v1", "nodes v1", "shops shop.dev/v1", "stalls shop.dev/v1beta1");
  }

  @Test
  void knowsScopeAndVerbs() {
    texts.put("/apis", groups());
    Served pods = served().resources().get(0);
    assertThat(pods.type().kind()).isEqualTo("Pod");
    assertThat(pods.type().namespaced()).isTrue();
    assertThat(pods.can("deletecollection")).isTrue();
    assertThat(pods.can("get")).isFalse();
    assertThat(served().resources().get(1).type().namespaced()).isFalse();
  }

  @Test
  void aServerThatIsDownFailsItsOwnVersionOnly() {
    texts.put(
        "/apis", groups(version("v1", "shops"), "{\"version\":\"v2\",\"freshness\":\"Stale\"}"));
    ServedResources served = served();
    assertThat(served.isComplete()).isFalse();
    assertThat(served.resources()).hasSize(3);
    assertThat(served.failureText())
        .isEqualTo(
            "unable to retrieve the complete list of server APIs: shop.dev/v2: stale GroupVersion"
                + " discovery: shop.dev/v2");
  }

  @Test
  void aVersionThatIsNoneIsToldAndSkipped() {
    texts.put("/apis", groups(version("v1", "shops"), version("a/b", "stalls")));
    ServedResources served = served();
    assertThat(served.resources()).hasSize(3);
    assertThat(served.unreadable()).containsExactly("unexpected GroupVersion string: shop.dev/a/b");
  }

  @Test
  void aServerWithoutAggregatedDiscoverySaysNothing() {
    texts.put("/apis", "{\"kind\":\"APIGroupList\"}");
    ApiError error = failure();
    assertThat(error.kind()).isEqualTo(ApiError.Kind.UNDECODABLE);
    assertThat(error.message())
        .isEqualTo("the server answers /apis without an APIGroupDiscoveryList");
  }

  private ServedResources served() {
    CompletableFuture<ServedResources> answer = ask();
    environment.run();
    return answer.join();
  }

  private ApiError failure() {
    CompletableFuture<?> answer = ask();
    environment.run();
    return ApiException.errorOf(answer.handle((served, thrown) -> thrown).join());
  }

  private CompletableFuture<ServedResources> ask() {
    return Discovery.preferred(api, environment.executor("discovery"));
  }

  private static String groups(String... versions) {
    return "{\"kind\":\"APIGroupDiscoveryList\",\"items\":[{\"metadata\":{\"name\":\"shop.dev\"},"
        + "\"versions\":["
        + String.join(",", versions)
        + "]}]}";
  }

  private static String version(String version, String... plurals) {
    StringBuilder text = new StringBuilder("{\"version\":\"" + version + "\",\"resources\":[");
    String comma = "";
    for (String plural : plurals) {
      text.append(comma)
          .append("{\"resource\":\"" + plural + "\",\"scope\":\"Namespaced\",\"verbs\":[]}");
      comma = ",";
    }
    return text.append("]}").toString();
  }
}
