package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeApiClientTest {

  private static final ResourceType<Pod> PODS = ResourceType.of(Pod.class);
  private static final ResourceType<ConfigMap> MAPS = ResourceType.of(ConfigMap.class);
  private static final ObjectKey KEY = new ObjectKey("shop", "a");
  private static final String POD =
      """
      {"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"shop",\
      "resourceVersion":"7","managedFields":[{"manager":"x","fieldsV1":{"f:a":{}}}]}}""";

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private TinyServer serve(TinyServer.Script script) throws IOException {
    TinyServer server = new TinyServer(script);
    open.add(server);
    return server;
  }

  private ApiClients.Builder builder(TinyServer server) {
    Config config = new ConfigBuilder(Config.empty()).withMasterUrl(server.url()).build();
    return ApiClients.builder(config).userAgent("test/1").meters(meters).unlimited();
  }

  private ApiClient client(TinyServer server) {
    return kept(builder(server).build());
  }

  private ApiClient kept(ApiClient client) {
    open.add(0, client);
    return client;
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static ApiError failure(CompletableFuture<?> future) throws Exception {
    try {
      Object result = await(future);
      throw new AssertionError("it succeeded with " + result);
    } catch (ExecutionException failed) {
      return ApiException.errorOf(failed);
    }
  }

  @Test
  void readsAnObjectWithoutItsManagedFields() throws Exception {
    TinyServer server = serve((request, out) -> TinyServer.reply(out, 200, "", POD));

    Pod pod = await(client(server).get(PODS, KEY));

    assertThat(pod.getMetadata().getName()).isEqualTo("a");
    assertThat(pod.getMetadata().getManagedFields()).isEmpty();
    assertThat(pod.getMetadata().getAdditionalProperties()).isEmpty();
    TinyServer.Seen seen = server.requests.get(0);
    assertThat(seen.path()).isEqualTo("/api/v1/namespaces/shop/pods/a");
    assertThat(seen.headers())
        .containsEntry("user-agent", "test/1")
        .containsEntry("accept", "application/json");
  }

  @Test
  void readsManagedFieldsWhereTheyAreWanted() throws Exception {
    TinyServer server = serve((request, out) -> TinyServer.reply(out, 200, "", POD));
    ApiClient client = kept(builder(server).keepManagedFields().build());

    assertThat(await(client.get(PODS, KEY)).getMetadata().getManagedFields()).isNotEmpty();
  }

  @Test
  void writesWithTheMethodAndMediaTypeOfEachVerb() throws Exception {
    TinyServer server = serve((request, out) -> TinyServer.reply(out, 200, "", POD));
    ApiClient client = client(server);
    Pod pod = new PodBuilder().withNewMetadata().withNamespace("shop").endMetadata().build();
    Pod named = new PodBuilder(pod).editMetadata().withName("a").endMetadata().build();

    await(client.create(PODS, pod));
    await(client.update(PODS, named, ""));
    await(client.update(PODS, named, "status"));
    await(client.patch(PODS, KEY, "", PatchFormat.MERGE, "{\"a\":1}"));
    await(client.apply(PODS, named, "", new ApplyOptions("my operator", false)));
    await(client.apply(PODS, named, "status", new ApplyOptions("me", true)));
    await(
        client.delete(
            PODS, KEY, new DeleteOptions("u1", "9", Duration.ofSeconds(3), "Background")));
    await(client.deleteCollection(PODS, "shop", DeleteOptions.DEFAULTS));

    assertThat(server.requests)
        .extracting(seen -> seen.method() + " " + seen.path())
        .containsExactly(
            "POST /api/v1/namespaces/shop/pods",
            "PUT /api/v1/namespaces/shop/pods/a",
            "PUT /api/v1/namespaces/shop/pods/a/status",
            "PATCH /api/v1/namespaces/shop/pods/a",
            "PATCH /api/v1/namespaces/shop/pods/a?fieldManager=my%20operator",
            "PATCH /api/v1/namespaces/shop/pods/a/status?fieldManager=me&force=true",
            "DELETE /api/v1/namespaces/shop/pods/a",
            "DELETE /api/v1/namespaces/shop/pods");
    assertThat(server.requests.get(3).headers())
        .containsEntry("content-type", "application/merge-patch+json");
    assertThat(server.requests.get(3).body()).isEqualTo("{\"a\":1}");
    assertThat(server.requests.get(4).headers())
        .containsEntry("content-type", "application/apply-patch+yaml");
    assertThat(server.requests.get(6).body())
        .isEqualTo(
            "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"gracePeriodSeconds\":3,"
                + "\"preconditions\":{\"uid\":\"u1\",\"resourceVersion\":\"9\"},"
                + "\"propagationPolicy\":\"Background\"}");
  }

  @Test
  @DisplayName("a huge object in a list, in many chunks, comes out whole among its neighbours")
  void listsAHugeObjectWhole() throws Exception {
    String data = "\u20ac\ud83d\ude00".repeat(700_000);
    TinyServer server =
        serve(
            (request, out) ->
                TinyServer.reply(
                    out,
                    200,
                    "",
                    "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":"
                        + "\"3\"},\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"metadata\":{\"name\":"
                        + "\"huge\"},\"data\":{\"text\":\""
                        + data
                        + "\"}},{\"metadata\":{\"name\":\"z\"}}]}"));
    List<ConfigMap> maps = new ArrayList<>();

    await(client(server).list(MAPS, new ListQuery(Scope.ALL, "", "", 0, ""), maps::add));

    assertThat(maps)
        .extracting(map -> map.getMetadata().getName())
        .containsExactly("a", "huge", "z");
    assertThat(maps.get(1).getData().get("text").equals(data)).as("4.9 MB, unharmed").isTrue();
  }

  @Test
  void listsItemByItemAndNamesTheQuery() throws Exception {
    TinyServer server =
        serve(
            (request, out) ->
                TinyServer.reply(
                    out,
                    200,
                    "",
                    """
                    {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"11",\
                    "continue":"t=="},"items":[{"metadata":{"name":"a","namespace":"n"}},
                    {"metadata":{"name":"b","namespace":"n"}}]}"""));
    List<String> names = new ArrayList<>();

    ListPage page =
        await(
            client(server)
                .list(
                    PODS,
                    new ListQuery(new Scope("n", "app in (x, y)", ""), "5", "", 2, ""),
                    pod -> names.add(pod.getKind() + " " + pod.getMetadata().getName())));

    assertThat(names).containsExactly("Pod a", "Pod b");
    assertThat(page).isEqualTo(new ListPage("11", "t=="));
    assertThat(server.requests.get(0).path())
        .isEqualTo(
            "/api/v1/namespaces/n/pods?labelSelector=app%20in%20%28x%2C%20y%29"
                + "&resourceVersion=5&limit=2");
  }

  @Test
  void listsGenericObjectsAndBareMetadata() throws Exception {
    TinyServer server =
        serve(
            (request, out) ->
                TinyServer.reply(
                    out,
                    200,
                    "",
                    """
                    {"kind":"WidgetList","items":[{"metadata":{"name":"a"},"spec":{"x":[1]}}],\
                    "metadata":{"resourceVersion":"3"}}"""));
    ResourceType<GenericKubernetesResource> widgets =
        ResourceType.generic("ex.io", "v1", "Widget", "widgets", false);
    List<GenericKubernetesResource> found = new ArrayList<>();
    List<PartialObjectMetadata> bare = new ArrayList<>();

    await(client(server).list(widgets, ListQuery.all(Scope.ALL), found::add));
    await(client(server).list(widgets.metadataOnly(), ListQuery.all(Scope.ALL), bare::add));

    assertThat(found).hasSize(1);
    assertThat(found.get(0).getKind()).isEqualTo("Widget");
    assertThat(found.get(0).getApiVersion()).isEqualTo("ex.io/v1");
    assertThat(found.get(0).<Object>get("spec", "x", 0)).isEqualTo(1);
    assertThat(bare.get(0).getMetadata().getName()).isEqualTo("a");
    assertThat(server.requests.get(1).path()).isEqualTo("/apis/ex.io/v1/widgets");
    assertThat(server.requests.get(1).headers())
        .containsEntry(
            "accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
  }

  @Test
  void refusesATableInsteadOfAList() throws Exception {
    TinyServer server =
        serve(
            (request, out) ->
                TinyServer.reply(out, 200, "", "{\"kind\":\"Table\",\"rows\":[],\"items\":null}"));

    ApiError error = failure(client(server).list(PODS, ListQuery.all(Scope.ALL), pod -> {}));

    assertThat(error.kind()).isEqualTo(Kind.UNDECODABLE);
    assertThat(error.message()).contains("Table");
  }

  @ParameterizedTest(name = "{0} {1} is {2}")
  @DisplayName("GEN-9 errors have a kind")
  @CsvSource({
    "400, BadRequest, BAD_REQUEST",
    "401, Unauthorized, UNAUTHORIZED",
    "403, Forbidden, FORBIDDEN",
    "404, NotFound, NOT_FOUND",
    "409, AlreadyExists, ALREADY_EXISTS",
    "409, Conflict, CONFLICT",
    "410, Gone, GONE",
    "410, Expired, GONE",
    "415, UnsupportedMediaType, UNSUPPORTED_MEDIA_TYPE",
    "422, Invalid, INVALID",
    "429, TooManyRequests, TOO_MANY_REQUESTS",
    "500, InternalError, SERVER_ERROR",
    "500, ServerTimeout, TIMEOUT",
    "503, ServiceUnavailable, SERVER_ERROR",
    "504, Timeout, TIMEOUT",
    "418, '', OTHER",
  })
  void sortsErrorsByReasonAndCode(int code, String reason, Kind kind) throws Exception {
    TinyServer server =
        serve((request, out) -> TinyServer.reply(out, code, "", status(code, reason, "")));

    ApiError error = failure(client(server).get(PODS, KEY));

    assertThat(error.kind()).isEqualTo(kind);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.message()).isEqualTo("told you");
    assertThat(server.requests).hasSize(1);
  }

  private static String status(int code, String reason, String details) {
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\""
        + reason
        + "\",\"message\":\"told you\",\"code\":"
        + code
        + details
        + "}";
  }

  @ParameterizedTest
  @DisplayName("T-4 a resourceVersion that is too large, in the new and the old form")
  @CsvSource({
    "ResourceVersionTooLarge, Too large resource version",
    "ResourceVersionTooLarge, ''",
    "'', Too large resource version"
  })
  void knowsATooLargeResourceVersion(String reason, String message) throws Exception {
    String details =
        ",\"details\":{\"retryAfterSeconds\":1,\"causes\":[{\"reason\":\""
            + reason
            + "\",\"message\":\""
            + message
            + "\"}]}";
    TinyServer server =
        serve((request, out) -> TinyServer.reply(out, 504, "", status(504, "Timeout", details)));

    ApiError error = failure(client(server).get(PODS, KEY));

    assertThat(error.kind()).isEqualTo(Kind.TOO_LARGE_RESOURCE_VERSION);
    assertThat(error.retryAfter()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void quotesAnAnswerThatIsNoStatus() throws Exception {
    TinyServer server = serve((request, out) -> TinyServer.reply(out, 502, "", "bad gateway\n"));

    ApiError error = failure(client(server).get(PODS, KEY));

    assertThat(error.kind()).isEqualTo(Kind.SERVER_ERROR);
    assertThat(error.message()).isEqualTo("the server answered 502: bad gateway");
  }

  @Test
  @DisplayName("T-85 POST answered by 503 without Retry-After is sent once")
  void doesNotRepeatAPostThatFailed() throws Exception {
    TinyServer server = serve((request, out) -> TinyServer.reply(out, 503, "", ""));

    ApiError error = failure(client(server).create(MAPS, map()));

    assertThat(error.kind()).isEqualTo(Kind.SERVER_ERROR);
    assertThat(server.requests).hasSize(1);
  }

  @Test
  @DisplayName("T-85 POST whose socket is closed is sent once")
  void doesNotRepeatAPostWhoseConnectionBroke() throws Exception {
    TinyServer server = serve((request, out) -> false);

    ApiError error = failure(client(server).create(MAPS, map()));

    assertThat(error.kind()).isEqualTo(Kind.BROKEN);
    assertThat(server.requests).hasSize(1);
  }

  @Test
  @DisplayName("T-85 429 with Retry-After 1 is repeated once after a second, and counted")
  void repeatsWhatTheServerAskedToRepeat() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    TinyServer server =
        serve(
            (request, out) ->
                calls.getAndIncrement() == 0
                    ? TinyServer.reply(out, 429, "Retry-After: 1\r\n", "")
                    : TinyServer.reply(out, 201, "", POD));
    long begin = System.nanoTime();

    await(client(server).create(MAPS, map()));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(990));
    assertThat(server.requests).hasSize(2);
    assertThat(meters.scrape())
        .contains("rest_client_request_retries_total{code=\"429\"")
        .contains("rest_client_requests_total{code=\"429\"")
        .contains("rest_client_requests_total{code=\"201\"");
  }

  @Test
  void warningsOfTheServerAreHandedOnAndCounted() throws Exception {
    TinyServer server =
        serve(
            (request, out) ->
                TinyServer.reply(out, 200, "Warning: 299 - \"pods are old\"\r\n", POD));
    List<String> heard = new CopyOnWriteArrayList<>();
    ApiClient client = kept(builder(server).warnings(heard::add).build());

    await(client.get(PODS, KEY));
    await(client.get(PODS, KEY));

    assertThat(heard).containsExactly("pods are old", "pods are old");
    assertThat(meters.scrape()).contains("kcm_api_warnings_total{");

    List<String> apart = new CopyOnWriteArrayList<>();
    await(client.warning(apart::add).get(PODS, KEY));
    assertThat(heard).as("one request tells somebody else").hasSize(2);
    assertThat(apart).containsExactly("pods are old");
  }

  @Test
  void failsOn429WithoutRetryAfter() throws Exception {
    TinyServer server = serve((request, out) -> TinyServer.reply(out, 429, "", ""));

    assertThat(failure(client(server).get(PODS, KEY)).kind()).isEqualTo(Kind.TOO_MANY_REQUESTS);
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void repeatsAGetWhoseConnectionBroke() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    TinyServer server =
        serve((request, out) -> calls.getAndIncrement() > 1 && TinyServer.reply(out, 200, "", POD));

    assertThat(await(client(server).get(PODS, KEY)).getMetadata().getName()).isEqualTo("a");
  }

  @Test
  void doesNotRepeatAListOfWhichItemsWerePassedOn() throws Exception {
    TinyServer server =
        serve(
            (request, out) -> {
              byte[] half =
                  ("{\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"kind\":\"" + "x".repeat(300_000))
                      .getBytes(StandardCharsets.UTF_8);
              TinyServer.chunkedHead(out);
              TinyServer.chunk(out, half, 0, half.length);
              return false;
            });
    List<Pod> items = new ArrayList<>();

    ApiError error = failure(client(server).list(PODS, ListQuery.all(Scope.ALL), items::add));

    assertThat(error.kind()).isEqualTo(Kind.BROKEN);
    assertThat(items).hasSize(1);
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void saysWhenNobodyListens() throws Exception {
    TinyServer server = serve((request, out) -> false);
    ApiClient client = client(server);
    server.close();

    assertThat(failure(client.get(PODS, KEY)).kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(meters.scrape()).contains("rest_client_requests_total{code=\"<error>\"");
  }

  @Test
  void sendsNoWriteThroughAClosedFence() throws Exception {
    TinyServer server = serve((request, out) -> TinyServer.reply(out, 200, "", POD));
    ApiClient client = kept(builder(server).fence(() -> Optional.of("not the leader")).build());

    ApiError error = failure(client.create(MAPS, map()));

    assertThat(error.kind()).isEqualTo(Kind.FENCED);
    assertThat(error.message()).isEqualTo("write not sent: not the leader");
    assertThat(failure(client.delete(PODS, KEY, DeleteOptions.DEFAULTS)).kind())
        .isEqualTo(Kind.FENCED);
    assertThat(server.requests).isEmpty();
    await(client.get(PODS, KEY));
    assertThat(server.requests).hasSize(1);
    await(client.create(ResourceType.of(SelfSubjectAccessReview.class), review()));
    assertThat(server.requests).as("a review only asks").hasSize(2);
  }

  private static SelfSubjectAccessReview review() {
    SelfSubjectAccessReview review = new SelfSubjectAccessReview();
    review.setMetadata(new ObjectMeta());
    return review;
  }

  @Test
  void givesUpARequestThatIsNotAnsweredAndItsConnection() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    TinyServer server =
        serve(
            (request, out) -> {
              if (calls.getAndIncrement() == 0) {
                over.await();
              }
              return TinyServer.reply(out, 200, "", POD);
            });
    ApiClient client = kept(builder(server).requestTimeout(Duration.ofMillis(300)).build());

    ApiError error = failure(client.get(PODS, KEY));
    Pod pod = await(client.get(PODS, KEY));
    over.countDown();

    assertThat(error.kind()).isEqualTo(Kind.BROKEN);
    assertThat(error.message()).isEqualTo("no answer within 300 ms");
    assertThat(pod.getMetadata().getName()).isEqualTo("a");
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void keepsRequestsInFlightBounded() throws Exception {
    CountDownLatch enough = new CountDownLatch(1);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    TinyServer server =
        serve(
            (request, out) -> {
              int now = running.incrementAndGet();
              most.accumulateAndGet(now, Math::max);
              if (now == 3) {
                enough.countDown();
              }
              enough.await();
              running.decrementAndGet();
              return TinyServer.reply(out, 200, "", POD);
            });
    ApiClient client = kept(builder(server).maxInFlight(3).build());
    List<CompletableFuture<Pod>> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      all.add(client.get(PODS, KEY));
    }

    await(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)));

    assertThat(most.get()).isEqualTo(3);
    assertThat(server.requests).hasSize(30);
  }

  @Test
  void endsEverythingWhenClosed() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    TinyServer server =
        serve(
            (request, out) -> {
              over.await();
              return false;
            });
    ApiClient client = client(server);
    CompletableFuture<Pod> waiting = client.get(PODS, KEY);
    WatchLog<Pod> log = new WatchLog<>();
    client.watch(PODS, query(), log);

    client.close();

    assertThat(failure(waiting).kind()).isEqualTo(Kind.CLOSED);
    log.awaitClosed();
    assertThat(log.error.kind()).isEqualTo(Kind.CLOSED);
    assertThat(failure(client.get(PODS, KEY)).kind()).isEqualTo(Kind.CLOSED);
    client.close();
    over.countDown();
  }

  @Test
  void namesSettingsThatMakeNoSense() {
    ApiClients.Builder builder = ApiClients.builder(Config.empty()).maxInFlight(0);

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxInFlight is 0, allowed: 1 or more");
  }

  @Test
  @DisplayName("client metrics have the names, labels and buckets of component-base")
  void exportsTheMetersOfComponentBase() throws Exception {
    TinyServer server = serve((request, out) -> TinyServer.reply(out, 200, "", POD));
    await(client(server).get(PODS, KEY));
    String host = server.url().substring("http://".length());

    assertThat(meters.scrape())
        .contains("rest_client_requests_total{code=\"200\",host=\"" + host + "\",method=\"GET\"} 1")
        .contains(
            "rest_client_request_duration_seconds_bucket{host=\""
                + host
                + "\",verb=\"GET\",le=\"0.005\"}")
        .contains(
            "rest_client_request_duration_seconds_bucket{host=\""
                + host
                + "\",verb=\"GET\",le=\"60.0\"}")
        .contains("rest_client_rate_limiter_duration_seconds_count{")
        .contains(
            "rest_client_request_size_bytes_bucket{host=\""
                + host
                + "\",verb=\"GET\",le=\"64.0\"} 1")
        .contains("rest_client_response_size_bytes_count{")
        .contains(
            "# HELP rest_client_requests_total [ALPHA] Number of HTTP requests, partitioned by"
                + " status code, method, and host.\n# TYPE rest_client_requests_total counter")
        .contains(
            "# HELP rest_client_request_duration_seconds [ALPHA] Request latency in seconds."
                + " Broken down by verb, and host.\n"
                + "# TYPE rest_client_request_duration_seconds histogram")
        .contains(
            "# HELP rest_client_rate_limiter_duration_seconds [ALPHA] Client side rate limiter"
                + " latency in seconds. Broken down by verb, and host.")
        .contains(
            "# HELP rest_client_request_size_bytes [ALPHA] Request size in bytes. Broken down by"
                + " verb and host.")
        .contains(
            "# HELP rest_client_response_size_bytes [ALPHA] Response size in bytes. Broken down"
                + " by verb and host.");
  }

  private static WatchQuery query() {
    return new WatchQuery(Scope.ALL, "5", Duration.ofMinutes(5), false);
  }

  private static ConfigMap map() {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withGenerateName("m-")
        .endMetadata()
        .build();
  }
}
