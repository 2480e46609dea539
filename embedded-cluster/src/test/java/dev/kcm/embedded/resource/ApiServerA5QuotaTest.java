package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A5 quotas")
class ApiServerA5QuotaTest {

  private static final String IN = "/api/v1/namespaces/default/";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private void quota(String spec, String hard, String used) {
    cluster.post(IN + "resourcequotas", "{metadata:{name:'q'},spec:{hard:" + hard + spec + "}}");
    cluster.patch(IN + "resourcequotas/q/status", "{status:{hard:" + hard + ",used:" + used + "}}");
  }

  private JsonNode used() {
    return cluster.get(IN + "resourcequotas/q").path("status").path("used");
  }

  private JsonNode pod(String name, String container) {
    return cluster.post(
        IN + "pods",
        "{metadata:{name:'"
            + name
            + "'},spec:{containers:[{name:'c',image:'i'"
            + container
            + "}]}}");
  }

  @Test
  void whatIsCreatedIsChargedAtOnce() {
    quota(
        "",
        "{pods:'3','requests.cpu':'2','limits.memory':'2Gi','count/configmaps':'5'}",
        "{pods:'1','requests.cpu':'0','limits.memory':'512Mi'}");
    pod("p", ",resources:{requests:{cpu:'300m'},limits:{cpu:'1',memory:'1Gi'}}");
    cluster.post(IN + "configmaps", "{metadata:{name:'c'}}");
    assertThat(used())
        .isEqualTo(
            Cluster.json(
                "{pods:'2','requests.cpu':'300m','limits.memory':'1536Mi',"
                    + "'count/configmaps':'1'}"));
  }

  @Test
  void whatExceedsIsRefusedAndNotCharged() {
    quota("", "{pods:'2','count/pods':'9'}", "{pods:'2','count/pods':'2'}");
    StatusException refusal = Cluster.refusal(() -> pod("p", ""));
    assertThat(refusal.code()).isEqualTo(403);
    assertThat(refusal.status().path("message").asText())
        .isEqualTo(
            "pods \"p\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited:"
                + " pods=2");
    assertThat(used()).isEqualTo(Cluster.json("{pods:'2','count/pods':'2'}"));
  }

  @Test
  void containersMustSayWhatAQuotaLimits() {
    quota("", "{'requests.cpu':'1','limits.memory':'1Gi','requests.memory':'1Gi'}", "{}");
    assertThat(Cluster.refusal(() -> pod("p", "")).status().path("message").asText())
        .isEqualTo(
            "pods \"p\" is forbidden: failed quota: q: must specify limits.memory for: c;"
                + " requests.cpu for: c; requests.memory for: c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",scopes:['BestEffort'] | '' | true",
        ",scopes:['BestEffort'] | ,resources:{requests:{cpu:'1'}} | false",
        ",scopes:['NotBestEffort'] | '' | false",
        ",scopes:['Terminating'] | '' | false",
        ",scopes:['NotTerminating'] | '' | true",
        ",scopeSelector:{matchExpressions:[{scopeName:'PriorityClass',operator:'Exists'}]}"
            + " | '' | false",
      })
  void aQuotaWithScopesCountsWhatIsInThem(String scopes, String container, boolean counts) {
    quota(scopes, "{pods:'5'}", "{pods:'0'}");
    pod("p", container);
    assertThat(used().path("pods").asText()).isEqualTo(counts ? "1" : "0");
  }

  @Test
  void aQuotaWithoutStatusAndADryRunChangeNothing() {
    cluster.post(IN + "resourcequotas", "{metadata:{name:'q'},spec:{hard:{pods:'0'}}}");
    pod("p", "");
    cluster.patch(IN + "resourcequotas/q/status", "{status:{hard:{pods:'5'},used:{pods:'1'}}}");
    cluster.post(
        IN + "pods?dryRun=All", "{metadata:{name:'d'},spec:{containers:[{name:'c',image:'i'}]}}");
    assertThat(used().path("pods").asText()).isEqualTo("1");
  }

  @Test
  void servicesAndClaimsCountByWhatTheyAskFor() {
    quota(
        "",
        "{services:'9','services.nodeports':'9','requests.storage':'10Gi'}",
        "{services:'0','services.nodeports':'0','requests.storage':'0'}");
    cluster.post(
        IN + "services",
        "{metadata:{name:'s'},spec:{type:'NodePort',ports:[{name:'a',port:1},{name:'b',port:2}]}}");
    cluster.post(
        IN + "persistentvolumeclaims",
        "{metadata:{name:'c'},spec:{resources:{requests:{storage:'2Gi'}}}}");
    assertThat(used())
        .isEqualTo(
            Cluster.json("{services:'1','services.nodeports':'2','requests.storage':'2Gi'}"));
  }

  @Test
  void manyAtOnceNeverExceedAQuota() throws Exception {
    quota("", "{configmaps:'20'}", "{configmaps:'0'}");
    ExecutorService senders = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> answers =
          IntStream.range(0, 60).mapToObj(i -> senders.submit(() -> create("c" + i))).toList();
      int created = 0;
      for (Future<Integer> answer : answers) {
        created += answer.get() == 201 ? 1 : 0;
      }
      assertThat(created).isEqualTo(20);
      assertThat(used().path("configmaps").asText()).isEqualTo("20");
    } finally {
      senders.shutdownNow();
    }
  }

  private int create(String name) {
    try {
      return cluster
          .send(
              "POST",
              IN + "configmaps",
              Cluster.json("{metadata:{name:'" + name + "'}}"),
              "application/json")
          .code();
    } catch (StatusException e) {
      return e.code();
    }
  }
}
