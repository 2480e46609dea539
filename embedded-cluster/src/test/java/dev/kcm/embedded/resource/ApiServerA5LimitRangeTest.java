package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A5 limit ranges")
class ApiServerA5LimitRangeTest {

  private static final String IN = "/api/v1/namespaces/default/";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private void range(String limits) {
    cluster.post(IN + "limitranges", "{metadata:{name:'l'},spec:{limits:[" + limits + "]}}");
  }

  private JsonNode pod(String resources) {
    return cluster.post(
        IN + "pods",
        "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i',resources:"
            + resources
            + "}]}}");
  }

  @Test
  void containersGetTheDefaultsTheyLeaveOut() {
    range(
        "{type:'Container',default:{cpu:'1',memory:'1Gi'},defaultRequest:{cpu:'100m',"
            + "memory:'64Mi'}}");
    JsonNode pod = pod("{limits:{memory:'2Gi'}}");
    assertThat(pod.path("spec").path("containers").path(0).path("resources"))
        .isEqualTo(
            Cluster.json("{limits:{memory:'2Gi',cpu:'1'},requests:{memory:'2Gi',cpu:'100m'}}"));
    assertThat(pod.path("metadata").path("annotations").path("kubernetes.io/limit-ranger").asText())
        .isEqualTo(
            "LimitRanger plugin set: cpu request for container c; cpu limit for container c");
  }

  @Test
  void aRangeCompletesItsDefaultsFromItsBounds() {
    range("{type:'Container',max:{cpu:'2'},min:{memory:'1Mi'}}");
    assertThat(cluster.get(IN + "limitranges/l").path("spec").path("limits").path(0))
        .isEqualTo(
            Cluster.json(
                "{type:'Container',max:{cpu:'2'},min:{memory:'1Mi'},default:{cpu:'2'},"
                    + "defaultRequest:{cpu:'2',memory:'1Mi'}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type:'Container',max:{memory:'1Gi'}} | {limits:{memory:'2Gi'}} | maximum memory usage per"
            + " Container is 1Gi, but limit is 2Gi",
        "{type:'Container',min:{cpu:'100m'}} | {requests:{cpu:'50m'}} | minimum cpu usage per"
            + " Container is 100m, but request is 50m",
        "{type:'Pod',min:{cpu:'100m'}} | {} | minimum cpu usage per Pod is 100m. No request is"
            + " specified",
        "{type:'Pod',max:{cpu:'1'}} | {} | maximum cpu usage per Pod is 1. No limit is specified",
        "{type:'Container',maxLimitRequestRatio:{cpu:'2'}} |"
            + " {requests:{cpu:'100m'},limits:{cpu:'300m'}} | cpu max limit to request ratio per"
            + " Container is 2, but provided ratio is 3.000000",
      })
  void podsOutsideOfTheRangeAreRefused(String limits, String resources, String message) {
    range(limits);
    StatusException refusal = Cluster.refusal(() -> pod(resources));
    assertThat(refusal.code()).isEqualTo(403);
    assertThat(refusal.status().path("message").asText())
        .isEqualTo("pods \"p\" is forbidden: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500Mi | minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi",
        "3Gi | maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi",
      })
  void claimsOutsideOfTheRangeAreRefused(String storage, String message) {
    range("{type:'PersistentVolumeClaim',min:{storage:'1Gi'},max:{storage:'2Gi'}}");
    StatusException refusal =
        Cluster.refusal(
            () ->
                cluster.post(
                    IN + "persistentvolumeclaims",
                    "{metadata:{name:'c'},spec:{resources:{requests:{storage:'"
                        + storage
                        + "'}}}}"));
    assertThat(refusal.status().path("message").asText())
        .isEqualTo("persistentvolumeclaims \"c\" is forbidden: " + message);
  }
}
