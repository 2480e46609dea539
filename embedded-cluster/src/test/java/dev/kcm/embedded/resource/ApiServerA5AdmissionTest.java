package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A5 admission of pods and claims")
class ApiServerA5AdmissionTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";
  private static final String CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims";
  private static final String CLASSES = "/apis/storage.k8s.io/v1/storageclasses";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private JsonNode pod(String spec) {
    return cluster.post(
        PODS, "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}]" + spec + "}}");
  }

  @Test
  void aPodGetsTheTokenOfItsAccount() {
    cluster.post(ACCOUNTS, "{metadata:{name:'default'},imagePullSecrets:[{name:'s'}]}");
    JsonNode spec = pod("").path("spec");
    assertThat(spec.path("serviceAccountName").asText()).isEqualTo("default");
    assertThat(spec.path("serviceAccount").asText()).isEqualTo("default");
    assertThat(spec.path("imagePullSecrets").path(0).path("name").asText()).isEqualTo("s");
    String volume = spec.path("volumes").path(0).path("name").asText();
    assertThat(volume).matches("kube-api-access-[a-z0-9]{5}");
    assertThat(spec.path("containers").path(0).path("volumeMounts").path(0))
        .isEqualTo(
            Cluster.json(
                "{mountPath:'/var/run/secrets/kubernetes.io/serviceaccount',name:'"
                    + volume
                    + "',readOnly:true}"));
    assertThat(spec.path("volumes").path(0).path("projected"))
        .isEqualTo(
            Cluster.json(
                "{defaultMode:420,sources:[{serviceAccountToken:{expirationSeconds:3607,"
                    + "path:'token'}},{configMap:{name:'kube-root-ca.crt',items:[{key:'ca.crt',"
                    + "path:'ca.crt'}]}},{downwardAPI:{items:[{path:'namespace',fieldRef:"
                    + "{apiVersion:'v1',fieldPath:'metadata.namespace'}}]}}]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | '' | true",
        "'' | ,automountServiceAccountToken:false | false",
        ",automountServiceAccountToken:true | ,automountServiceAccountToken:false | true",
        ",automountServiceAccountToken:false | '' | false",
      })
  void thePodDecidesAboutItsTokenBeforeTheAccount(
      String podSetting, String accountSetting, boolean mounted) {
    cluster.post(ACCOUNTS, "{metadata:{name:'a'}" + accountSetting + "}");
    JsonNode spec = pod(",serviceAccountName:'a'" + podSetting).path("spec");
    assertThat(spec.has("volumes")).isEqualTo(mounted);
  }

  @Test
  void aPodWithoutAccountIsLeftAloneUnlessAccountsAreRequired() {
    assertThat(pod("").path("spec").has("volumes")).isFalse();
    try (Cluster strict = new Cluster(builder -> builder.requireServiceAccounts(true))) {
      StatusException refusal =
          Cluster.refusal(
              () ->
                  strict.post(
                      PODS, "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}]}}"));
      assertThat(refusal.code()).isEqualTo(403);
      assertThat(refusal.status().path("message").asText())
          .isEqualTo(
              "pods \"p\" is forbidden: error looking up service account default/default:"
                  + " serviceaccount \"default\" not found");
    }
  }

  private void storageClass(String name, boolean isDefault) {
    cluster.post(
        CLASSES,
        "{metadata:{name:'"
            + name
            + "',annotations:{'storageclass.kubernetes.io/is-default-class':'"
            + isDefault
            + "'}},provisioner:'x'}");
  }

  @Test
  void aClaimWithoutClassGetsTheNewestDefaultOne() {
    storageClass("old", true);
    cluster.time.advance(Duration.ofSeconds(5));
    storageClass("b", true);
    storageClass("a", true);
    storageClass("none", false);
    assertThat(claim("one", "").path("storageClassName").asText()).isEqualTo("a");
    assertThat(claim("two", "storageClassName:''").path("storageClassName").asText()).isEmpty();
    assertThat(claim("three", "storageClassName:'old'").path("storageClassName").asText())
        .isEqualTo("old");
  }

  private JsonNode claim(String name, String spec) {
    return cluster
        .post(CLAIMS, "{metadata:{name:'" + name + "'},spec:{" + spec + "}}")
        .path("spec");
  }
}
