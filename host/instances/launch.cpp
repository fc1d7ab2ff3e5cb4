// SPDX-License-Identifier: Apache-2.0
// Launching: image, identity, seed, machine, guest.
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "guest/readiness.hpp"
#include "guest/seed.hpp"
#include "images/copy.hpp"
#include "images/source.hpp"
#include "instances/current_driver.hpp"
#include "instances/lifecycle.hpp"
#include "instances/opened.hpp"
#include "instances/random.hpp"
#include "output/format.hpp"

namespace davit::host {
namespace {

constexpr const char *guest_user = "davit";
constexpr std::uint64_t least_memory = std::uint64_t{512} << 20;
constexpr std::uint64_t usual_disk = std::uint64_t{5} << 30;
constexpr std::chrono::minutes create_patience{30};  // a driver may have to convert the image

std::uint32_t guest_uid() {
    const uid_t uid = ::getuid();
    return uid == 0 ? 1000 : uid;  // root's guests get the first ordinary user's id
}

// This computer's processor, as uname(2) names it; guests have the same.
std::string machine_arch() {
    utsname system{};
    if (::uname(&system) != 0) throw system_error(errno, "ask for this computer's processor");
    return system.machine;
}

std::uint64_t disk_size(const LaunchRequest &request, const Image &image) {
    if (!request.disk) return std::max(usual_disk, image.virtual_size);
    if (*request.disk < image.virtual_size) {
        throw Error{"disk-too-small",
                    "the disk asked for (" + human_size(*request.disk) +
                        ") is smaller than the image (" + human_size(image.virtual_size) + ")",
                    "give --disk " + std::to_string(image.virtual_size) + " or more",
                    ExitCode::usage};
    }
    return *request.disk;
}

void check_sizes(const LaunchRequest &request) {
    if (request.memory < least_memory) {
        throw Error{"usage", "an instance needs at least 512M of memory", "", ExitCode::usage};
    }
    if (request.cpus < 1) {
        throw Error{"usage", "an instance needs at least one CPU", "", ExitCode::usage};
    }
}

Record make_record(const LaunchRequest &request, const Image &image, const Manifest &driver,
                   const InstanceStore &store) {
    Record record;
    record.name = request.name.value_or("");
    if (record.name.empty()) {
        record.name =
            make_name([&](const std::string &name) { return store.find(name).has_value(); });
    }
    record.id = make_uuid();
    record.driver = driver.name;
    record.created = timestamp();
    record.user = guest_user;
    record.image = {image.hash, image.names.empty() ? request.image : image.names.front(), image.os,
                    image.release};
    record.cpus = request.cpus;
    record.memory = request.memory;
    record.disk = disk_size(request, image);
    record.nics = {{make_mac(), "default"}};
    return record;
}

// Gives the instance a name of its own for a file of the image store, so that removing the image
// never takes an instance's disk away. Only a store on another file system has to be copied from.
fs::path keep(Services &services, const fs::path &file, const fs::path &folder) {
    fs::path kept = folder / file.filename();
    if (::link(file.c_str(), kept.c_str()) == 0) return kept;
    if (errno != EXDEV && errno != EPERM && errno != EMLINK) {
        throw system_error(errno, "link " + file.string() + " into the instance");
    }
    copy_file(file, kept, services.progress(), services.cancel());
    return kept;
}

// The machine's description (schema machine-1.json).
Json machine_spec(Services &services, const LockedInstance &instance, const Image &image) {
    const Record &record = instance.record;
    const fs::path folder = instance.folder().image();
    make_private_folder(folder);
    Json spec{
        {"name", record.name},
        {"id", record.id},
        {"arch", machine_arch()},
        {"cpus", record.cpus},
        {"memory", record.memory},
        {"disk",
         {{"size", record.disk},
          {"image",
           {{"path", keep(services, image.disk, folder).string()}, {"format", image.format}}}}},
        {"seed", instance.folder().seed().string()},
        {"nics", Json::array()}};
    if (image.kernel && image.initrd) {
        spec["boot"] = {{"kernel", keep(services, *image.kernel, folder).string()},
                        {"initrd", keep(services, *image.initrd, folder).string()},
                        {"cmdline", image.cmdline}};
    }
    for (const auto &nic : record.nics) {
        spec["nics"].push_back({{"mac", nic.mac}, {"mode", nic.mode}});
    }
    return spec;
}

void write_seed(Services &services, LockedInstance &instance, const LaunchRequest &request) {
    Record &record = instance.record;
    GuestIdentity identity{record.id,
                           record.name,
                           record.user,
                           guest_uid(),
                           user_key(services).public_key,
                           guest_module().make_key(record.name),
                           {}};
    for (const auto &nic : record.nics) identity.macs.push_back(nic.mac);
    record.host_key = identity.host_key.public_key;
    guest_module().write_seed(instance.folder().seed(), seed_files(identity, request.user_data));
}

// Undoes a launch. Whatever fails here is told beside the error that made it necessary; the record,
// still in phase "creating", lets `delete --purge` try again.
void undo(Services &services, const InstanceStore &store, const LockedInstance &instance) {
    // What the user interrupted was the launch; cleaning up after it is not interrupted.
    const Cancel go_on;
    try {
        Services cleaning{services, go_on};
        remove_machine(cleaning, instance);
        store.erase(instance, go_on);
    } catch (const Error &error) {
        services.progress().note("warning: cleaning up instance \"" + instance.record.name +
                                 "\" failed: " + error.message() +
                                 "; try again: davit delete --purge " + instance.record.name);
    }
}

void make_machine(Services &services, LockedInstance &instance, const LaunchRequest &request,
                  const Image &image, const Manifest &manifest) {
    services.progress().step("creating " + instance.record.name, 0, 0);
    write_seed(services, instance, request);
    Driver &driver = load_driver(manifest, services.progress(), services.cancel());
    make_private_folder(instance.folder().machine());
    driver.create(instance.folder().machine(), machine_spec(services, instance, image),
                  call_options(services, create_patience));
    // From here on a crash leaves an instance that `start` completes.
    instance.save(Phase::starting);
}

void boot(Services &services, LockedInstance &instance, const LaunchRequest &request) {
    const Deadline deadline = Deadline::after(request.timeout);
    const OpenedMachine machine{services, instance.record, instance.folder()};
    services.progress().step("starting " + instance.record.name, 0, 0);
    machine->start(call_options(services, start_patience));
    const auto session = machine.wait_for_guest(deadline);
    for (const auto &problem :
         wait_for_cloud_init(*session, deadline, services.progress(), services.cancel())) {
        services.progress().note("warning: cloud-init reports: " + problem);
    }
}

}  // namespace

std::string launch(Services &services, const LaunchRequest &request) {
    check_sizes(request);
    if (request.name) check_instance_name(*request.name);
    const Manifest &driver = driver_for_launch(services);
    ImageStore images = services.images();
    const Image image =
        resolve_image(request.image, images, services.progress(), services.cancel());
    const InstanceStore store = instances_of(services, driver.scope);
    LockedInstance instance =
        store.claim(make_record(request, image, driver, store), services.cancel());
    try {
        make_machine(services, instance, request, image, driver);
        boot(services, instance, request);
    } catch (const Error &error) {
        // A slow guest is the user's to keep: it goes on booting, and `start` waits for it.
        if (error.id() != "guest-timeout") undo(services, store, instance);
        throw;
    }
    instance.save(Phase::running);
    services.progress().done();
    return instance.record.name;
}

}  // namespace davit::host
