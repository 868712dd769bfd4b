using Npgsql;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Kafka.SchemaRegistry;
using Shouldly;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Recs.Host.Tests.Deploying;

public sealed class ComposeTests
{
    [Fact]
    public void Every_variable_is_explained_in_the_example_and_used()
    {
        var used = Deployment.Variable().Matches(File.ReadAllText(Deployment.At("docker-compose.yml"))).Select(m => m.Groups["name"].Value).Distinct();
        used.Order().ShouldBe(Deployment.Example.Keys.Order());
    }

    [Fact]
    public void A_default_is_the_same_in_both_files()
    {
        foreach (var match in Deployment.Variable().Matches(File.ReadAllText(Deployment.At("docker-compose.yml"))).Where(m => m.Groups["kind"].Value == "-"))
            Deployment.Example[match.Groups["name"].Value].ShouldBe(match.Groups["rest"].Value);
    }

    [Fact]
    public void A_secret_has_no_default()
    {
        foreach (var (name, value) in Deployment.Example.Where(pair => pair.Key.EndsWith("PASSWORD", StringComparison.Ordinal)))
        {
            value.ShouldBeEmpty(name);
            File.ReadAllText(Deployment.At("docker-compose.yml")).ShouldContain("${" + name + ":?");
        }
    }

    [Fact]
    public void Every_setting_of_recs_exists()
    {
        foreach (var (name, service) in Deployment.RecsServices)
            foreach (var variable in ((YamlMappingNode)service["environment"]).Children.Keys.Select(k => k.ToString()))
                Setting.All.ShouldContain(s => s.Variable == variable, $"{variable} of {name}");
    }

    [Fact]
    public async Task Every_command_is_understood_and_together_they_run_every_role()
    {
        var roles = Roles.None;
        foreach (var (name, service) in Deployment.RecsServices)
            (await Invocation.OfAsync([.. service.Texts("command"), "--help"])).ExitCode.ShouldBe(0, name);
        foreach (var (name, service) in Deployment.RecsNodes)
        {
            var command = service.Texts("command");
            command.Take(2).ShouldBe(["up", "--roles"], name);
            roles |= RoleNames.Parse(command[2]);
        }
        roles.ShouldBe(Roles.All);
    }

    [Fact]
    public void The_database_of_recs_is_the_one_that_is_started()
    {
        foreach (var (name, service) in Deployment.RecsNodes)
        {
            var text = Deployment.Variable().Replace(service["environment"]["RECS_DB"].ToString(), "secret");
            var connection = new NpgsqlConnectionStringBuilder(DatabaseUrl.ToConnectionString(text));
            var server = (YamlMappingNode)Deployment.Services.Single(s => s.Name == connection.Host).Service["environment"];
            (connection.Username, connection.Database).ShouldBe((server["POSTGRES_USER"].ToString(), server["POSTGRES_DB"].ToString()), name);
            service["depends_on"][connection.Host!]["condition"].ToString().ShouldBe("service_healthy");
        }
    }

    [Fact]
    public void Kafka_and_the_schema_registry_of_recs_are_those_that_are_started()
    {
        foreach (var (name, service) in Deployment.RecsServices)
        {
            var (kafka, registry) = (Default(service, "RECS_KAFKA").Split(':'), SchemaRegistryAddress.Parse(Default(service, "RECS_SCHEMA_REGISTRY")).Url);
            var (broker, schemas) = (Environment(kafka[0]), Environment(registry.Host));
            broker["KAFKA_ADVERTISED_LISTENERS"].ToString().ShouldBe($"PLAINTEXT://{kafka[0]}:{kafka[1]}", name);
            schemas["SCHEMA_REGISTRY_LISTENERS"].ToString().ShouldBe($"http://0.0.0.0:{registry.Port}", name);
            schemas["SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS"].ToString().ShouldBe($"PLAINTEXT://{kafka[0]}:{kafka[1]}");
            var ui = Environment("kafka-ui");
            (ui["KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS"].ToString(), ui["KAFKA_CLUSTERS_0_SCHEMAREGISTRY"].ToString() + "/").ShouldBe(($"{kafka[0]}:{kafka[1]}", registry.ToString()));
        }
    }

    [Fact]
    public void Topics_are_made_once_when_Kafka_is_well_and_by_nobody_else()
    {
        var (name, service) = Deployment.RecsServices.Where(s => s.Service.Texts("command")[0] != "up").ShouldHaveSingleItem();
        service.Texts("command").Take(2).ShouldBe(["topics", "create"]);
        service["restart"].ToString().ShouldBe("on-failure"); // not again once it is done
        service["depends_on"]["kafka"]["condition"].ToString().ShouldBe("service_healthy");
        service["healthcheck"]["disable"].ToString().ShouldBe("true", name); // the image asks a service that this one is not
        Environment("kafka")["KAFKA_AUTO_CREATE_TOPICS_ENABLE"].ToString().ShouldBe("false");
    }

    [Fact]
    public void Whoever_must_be_healthy_says_whether_it_is()
    {
        foreach (var (name, service) in Deployment.Services.Where(s => s.Service.Children.ContainsKey("depends_on")))
            foreach (var (other, how) in (service["depends_on"] as YamlMappingNode)?.Children ?? new YamlMappingNode().Children)
                if (how["condition"].ToString() == "service_healthy")
                    Deployment.Services.Single(s => s.Name == other.ToString()).Service.Children.ContainsKey("healthcheck").ShouldBeTrue($"{other}, which {name} waits for");
    }

    [Fact]
    public void Every_path_of_this_repository_exists()
    {
        foreach (var (name, service) in Deployment.Services)
            foreach (var path in service.Texts("volumes").Select(v => v.Split(':')[0]).Where(p => p.StartsWith('.')))
                Path.Exists(Deployment.At(path)).ShouldBeTrue($"{path} of {name}");
        foreach (var (name, service) in Deployment.RecsServices)
            File.Exists(Deployment.At(service["build"]["dockerfile"].ToString())).ShouldBeTrue(name);
    }

    [Fact]
    public void Every_named_volume_and_every_secret_is_declared()
    {
        foreach (var (name, service) in Deployment.Services)
        {
            foreach (var volume in service.Texts("volumes").Select(v => v.Split(':')[0]).Where(v => !v.StartsWith('.')))
                ((YamlMappingNode)Deployment.Compose["volumes"]).Children.ContainsKey(volume).ShouldBeTrue($"{volume} of {name}");
            foreach (var secret in service.Texts("secrets"))
            {
                ((YamlMappingNode)Deployment.Compose["secrets"]).Children.ContainsKey(secret).ShouldBeTrue($"{secret} of {name}");
                service["environment"]["RECS_JWT_SECRET_FILE"].ToString().ShouldBe("/run/secrets/" + secret);
            }
        }
    }

    [Fact]
    public void Ports_are_published_on_loopback_alone_and_each_once()
    {
        var published = Deployment.Services.SelectMany(s => s.Service.Texts("ports")).Select(port => Deployment.Variable().Replace(port, m => Deployment.Example[m.Groups["name"].Value])).ToList();
        published.ShouldAllBe(port => port.StartsWith("127.0.0.1:"));
        published.Select(port => port.Split(':')[1]).ShouldBeUnique();
    }

    [Fact]
    public void Recs_is_published_at_the_port_that_the_image_listens_on()
    {
        var port = DockerfileTests.Listens();
        foreach (var (name, service) in Deployment.RecsServices)
            service.Texts("ports").ShouldAllBe(p => p.EndsWith(":" + port), name);
    }

    [Fact]
    public void Images_are_pinned_to_a_version()
    {
        foreach (var (name, service) in Deployment.Services)
            service["image"].ToString().ShouldMatch(@":v?\d+(\.\d+)*$|^recs:local$", name);
    }

    [Fact]
    public void Containers_of_recs_may_do_as_little_as_possible()
    {
        foreach (var (name, service) in Deployment.RecsServices)
        {
            service["user"].ToString().ShouldBe("app", name);
            service["read_only"].ToString().ShouldBe("true", name);
            service.Texts("cap_drop").ShouldBe(["ALL"], name);
            service.Texts("security_opt").ShouldBe(["no-new-privileges:true"], name);
        }
    }

    private static YamlMappingNode Environment(string service) => (YamlMappingNode)Deployment.Services.Single(s => s.Name == service).Service["environment"];

    /// <summary>A variable's value where nobody changes the example.</summary>
    private static string Default(YamlMappingNode service, string variable)
        => Deployment.Variable().Replace(service["environment"][variable].ToString(), match => Deployment.Example[match.Groups["name"].Value]);
}
