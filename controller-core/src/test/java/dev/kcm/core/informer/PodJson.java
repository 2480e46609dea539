package dev.kcm.core.informer;

/** A pod as an API server sends it, about 7 KB with its managed fields. */
public final class PodJson {

  private PodJson() {}

  /** The n-th pod; neighbours belong to the same workload. */
  public static String of(int n) {
    int app = n / 10;
    return TEXT.replace("$N", Integer.toString(n))
        .replace("$APP", Integer.toString(app))
        .replace("$NS", Integer.toString(app % 50))
        .replace("$NODE", Integer.toString(n % 100))
        .replace("$HEX", String.format("%05x", n));
  }

  private static final String TEXT =
      """
      {"metadata":{"name":"shop-$APP-6d5f7c8b9-$HEX","generateName":"shop-$APP-6d5f7c8b9-",
      "namespace":"team-$NS","uid":"8f14e45f-ceea-467f-a3a1-0000000$HEX","resourceVersion":"10$N",
      "creationTimestamp":"2026-05-04T10:20:30Z","labels":{"app.kubernetes.io/name":"shop-$APP",
      "app.kubernetes.io/instance":"shop-$APP","pod-template-hash":"6d5f7c8b9"},
      "annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"8080",
      "kubectl.kubernetes.io/restartedAt":"2026-05-04T10:20:00Z"},
      "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"shop-$APP-6d5f7c8b9",
      "uid":"1f0e3dad-9990-4b3c-8f6f-00000$APP","controller":true,"blockOwnerDeletion":true}],
      "managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1",
      "time":"2026-05-04T10:20:30Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":
      {"f:generateName":{},"f:labels":{".":{},"f:app.kubernetes.io/name":{},
      "f:pod-template-hash":{}},"f:ownerReferences":{".":{},"k:{\\"uid\\":\\"1f0e3dad\\"}":{}}},
      "f:spec":{"f:containers":{"k:{\\"name\\":\\"web\\"}":{".":{},"f:env":{".":{},
      "k:{\\"name\\":\\"MODE\\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},
      "f:imagePullPolicy":{},"f:name":{},"f:resources":{".":{},"f:limits":{".":{},"f:cpu":{}},
      "f:requests":{".":{},"f:cpu":{}}}}},"f:dnsPolicy":{},"f:restartPolicy":{}}}},
      {"manager":"kubelet","operation":"Update","apiVersion":"v1","time":"2026-05-04T10:20:35Z",
      "fieldsType":"FieldsV1","fieldsV1":{"f:status":{"f:conditions":{
      "k:{\\"type\\":\\"Ready\\"}":{".":{},"f:lastProbeTime":{},"f:status":{}}},
      "f:containerStatuses":{},"f:hostIP":{},"f:phase":{},"f:podIP":{},"f:startTime":{}}},
      "subresource":"status"}]},
      "spec":{"volumes":[{"name":"kube-api-access-abcde","projected":{"sources":[
      {"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"configMap":
      {"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},{"downwardAPI":
      {"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1",
      "fieldPath":"metadata.namespace"}}]}}],"defaultMode":420}},
      {"name":"config","configMap":{"name":"shop-$APP-config","defaultMode":420}}],
      "containers":[{"name":"web","image":"registry.example/shop/web:1.2.3",
      "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],
      "env":[{"name":"MODE","value":"production"},{"name":"POD_NAME","valueFrom":{"fieldRef":
      {"apiVersion":"v1","fieldPath":"metadata.name"}}}],
      "resources":{"limits":{"cpu":"500m","memory":"512Mi"},
      "requests":{"cpu":"100m","memory":"256Mi"}},
      "volumeMounts":[{"name":"config","mountPath":"/etc/shop"},{"name":"kube-api-access-abcde",
      "readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],
      "livenessProbe":{"httpGet":{"path":"/live","port":"http","scheme":"HTTP"},
      "timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
      "readinessProbe":{"httpGet":{"path":"/ready","port":8080,"scheme":"HTTP"},
      "timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
      "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
      "imagePullPolicy":"IfNotPresent"},
      {"name":"proxy","image":"registry.example/mesh/proxy:4.5.6","args":["--port","15001"],
      "resources":{"requests":{"cpu":"10m"}},
      "volumeMounts":[{"name":"kube-api-access-abcde","readOnly":true,
      "mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],
      "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
      "imagePullPolicy":"IfNotPresent","securityContext":{"runAsUser":1337,
      "capabilities":{"drop":["ALL"]}}}],
      "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",
      "serviceAccountName":"shop","serviceAccount":"shop","nodeName":"node-$NODE",
      "securityContext":{},"schedulerName":"default-scheduler","tolerations":[
      {"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute",
      "tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists",
      "effect":"NoExecute","tolerationSeconds":300}],"priority":0,"enableServiceLinks":true,
      "preemptionPolicy":"PreemptLowerPriority"},
      "status":{"phase":"Running","conditions":[
      {"type":"Initialized","status":"True","lastProbeTime":null,
      "lastTransitionTime":"2026-05-04T10:20:31Z"},
      {"type":"Ready","status":"True","lastProbeTime":null,
      "lastTransitionTime":"2026-05-04T10:20:35Z"},
      {"type":"ContainersReady","status":"True","lastProbeTime":null,
      "lastTransitionTime":"2026-05-04T10:20:35Z"},
      {"type":"PodScheduled","status":"True","lastProbeTime":null,
      "lastTransitionTime":"2026-05-04T10:20:30Z"}],
      "hostIP":"10.0.0.$NODE","hostIPs":[{"ip":"10.0.0.$NODE"}],"podIP":"10.1.$NODE.9",
      "podIPs":[{"ip":"10.1.$NODE.9"}],"startTime":"2026-05-04T10:20:30Z",
      "containerStatuses":[{"name":"web","state":{"running":{"startedAt":
      "2026-05-04T10:20:33Z"}},"lastState":{},"ready":true,"restartCount":0,
      "image":"registry.example/shop/web:1.2.3",
      "imageID":"registry.example/shop/web@sha256:0123456789abcdef0123456789abcdef0123456789ab",
      "containerID":"containerd://89abcdef0123456789abcdef0123456789abcdef0123456789abc$HEX",
      "started":true},{"name":"proxy","state":{"running":{"startedAt":"2026-05-04T10:20:34Z"}},
      "lastState":{},"ready":true,"restartCount":0,"image":"registry.example/mesh/proxy:4.5.6",
      "imageID":"registry.example/mesh/proxy@sha256:0123456789abcdef0123456789abcdef01234567",
      "containerID":"containerd://789abcdef0123456789abcdef0123456789abcdef0123456789ab$HEX",
      "started":true}],"qosClass":"Burstable"}}
      """;
}
