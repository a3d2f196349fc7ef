internal import HostSystem
